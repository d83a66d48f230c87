import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import type { Selection } from '@/shared/list/ListPage';
import classes from '@/shared/list/ListPage.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { number } from '@/shared/time';
import { allOf, countOf, hand, most, moveTo, named, remove, restore, withEach, type Named, type RowResult } from './bulk';
import { OwnerPicker } from './OwnerPicker';
import { statusesQuery, type LeadRow, type Status } from './queries';
import { TurnDown } from './TurnDown';

const AddToCampaign = lazy(() => import('@/features/campaigns/AddToCampaign'));
const ConvertMany = lazy(() => import('@/features/bulk/ConvertMany'));
const BulkResult = lazy(() => import('./BulkResult'));

export interface Work { title: string; total: number | null; done: number; results: RowResult[] | null }

/** What can be done with the selected rows, or with all that the view holds, and what came of it for each. */
export function BulkBar({ selection: { rows, loaded, total, query, clear }, view }: { selection: Selection<LeadRow>; view: string }) {
  const me = useMe();
  const statuses = useQuery({ ...statusesQuery, enabled: rows.length > 0 });
  const [whole, setWhole] = useState<{ query: string; count: number } | null>(null);
  const [work, setWork] = useState<Work | null>(null);
  const [turnDown, setTurnDown] = useState<Status | null>(null);
  const [asked, setAsked] = useState<'owner' | 'campaign' | 'convert' | null>(null);
  const stop = useRef<AbortController>(new AbortController());
  const list = `view=${view}&${query}`;
  const all = whole?.query === list && rows.length > 0 ? whole : null;
  const size = all?.count ?? rows.length;
  const leads = (count: number) => `${number(count)} ${count === 1 ? 'lead' : 'leads'}`;
  if (rows.length === 0 && !work && !asked) return null;

  async function chooseWhole() {
    try {
      const count = await countOf(list);
      if (count > most) tellFailure(`This view holds ${number(count)} leads; up to ${number(most)} can be changed at once. Narrow the filter.`);
      else setWhole({ query: list, count });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  async function run(title: string, action: Parameters<typeof withEach>[1], undo?: boolean) {
    stop.current = new AbortController();
    setWork({ title, total: all ? null : rows.length, done: 0, results: null });
    try {
      const these: Named[] = all ? await allOf(list, (read) => setWork({ title: 'Reading the list', total: all.count, done: read, results: null })) : rows.map(named);
      const results = await withEach(these, action, (done) => setWork({ title, total: these.length, done, results: null }), stop.current.signal);
      const done = results.filter((result) => !result.problem);
      clear();
      setWhole(null);
      if (done.length < results.length) setWork({ title, total: these.length, done: these.length, results });
      else setWork(null);
      if (done.length > 0) tell(`${title}: ${leads(done.length)}.`, undo ? { label: 'Undo', run: () => void withEach(done.map((row) => ({ id: row.id, name: row.name, version: 0 })), restore, () => {}) } : undefined);
    } catch (error) {
      setWork(null);
      tellFailure(Problem.of(error).message);
    }
  }

  return (
    <>
      {rows.length > 0 && !work && (
        <div className={classes.bar} role="toolbar" aria-label={`${number(size)} selected`}>
          <b>{number(size)} selected</b>
          {!all && rows.length === loaded && total !== null && total > rows.length && <Button variant="subtle" onClick={() => void chooseWhole()}>Select all {total > most ? `${number(most)}+` : number(total)} in this view</Button>}
          {me.may('leads.transfer') && <Button variant="default" onClick={() => setAsked('owner')}>Owner</Button>}
          {me.may('leads.edit') && (
            <Menu>
              <Menu.Target><Button variant="default">Status</Button></Menu.Target>
              <Menu.Dropdown>
                {statuses.data?.filter((status) => status.isActive && !status.isConverted).map((status) => (
                  <Menu.Item key={status.id} onClick={() => status.category === 'notQualified' ? setTurnDown(status) : void run(`Moved to ${status.name}`, moveTo(status.name))}>{status.name}</Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {me.may('campaigns.edit') && <Button variant="default" onClick={() => setAsked('campaign')}>Campaign</Button>}
          {me.may('leads.convert') && me.may('leads.edit') && <Button variant="default" onClick={() => setAsked('convert')}>Convert</Button>}
          {me.may('leads.delete') && <Button variant="default" onClick={() => void run('Moved to the recycle bin', remove, true)}>Delete</Button>}
          <Button variant="subtle" color="gray" onClick={clear}>Clear</Button>
        </div>
      )}
      {asked === 'owner' && <OwnerPicker title={`New owner of ${leads(size)}`} onClose={() => setAsked(null)} onPick={(to, name) => { setAsked(null); void run(`Handed to ${name}`, hand(to)); }} />}
      {turnDown && <TurnDown status={turnDown} what={leads(size)} onClose={() => setTurnDown(null)} onMove={(reason, followUpInDays) => { setTurnDown(null); void run(`Moved to ${turnDown.name}`, moveTo(turnDown.name, { reason, followUpInDays })); }} />}
      <Suspense>
        {asked === 'campaign' && <AddToCampaign who={all ? { query: list } : { leadIds: rows.map((row) => row.id) }} what={leads(size)} onClose={() => setAsked(null)} onDone={clear} />}
        {asked === 'convert' && <ConvertMany what={all ? { filter: list } : { leadIds: rows.map((row) => row.id) }} count={size} onClose={() => setAsked(null)} />}
        {work && <BulkResult work={work} onStop={() => stop.current.abort()} onClose={() => setWork(null)} />}
      </Suspense>
    </>
  );
}
