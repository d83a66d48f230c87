import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Problem } from '@/api/problem';
import { followChange, inWords, isChangeOver, restoreDeleted, startChange, type Change, type Order } from '@/features/bulk/bulkChanges';
import { useMe } from '@/features/session/session';
import type { Selection } from '@/shared/list/ListPage';
import classes from '@/shared/list/ListPage.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { number } from '@/shared/time';
import { countOf, most } from './bulk';
import { OwnerPicker } from './OwnerPicker';
import { statusesQuery, type LeadRow, type Status } from './queries';
import { TurnDown } from './TurnDown';

const AddToCampaign = lazy(() => import('@/features/campaigns/AddToCampaign'));
const ConvertMany = lazy(() => import('@/features/bulk/ConvertMany'));
const BulkResult = lazy(() => import('./BulkResult'));

/** What can be done with the selected rows, or with all that the view holds; the server does it, and says what came of it for each. */
export function BulkBar({ selection: { rows, loaded, total, query, clear }, view }: { selection: Selection<LeadRow>; view: string }) {
  const me = useMe();
  const statuses = useQuery({ ...statusesQuery, enabled: rows.length > 0 });
  const [whole, setWhole] = useState<{ query: string; count: number } | null>(null);
  const [job, setJob] = useState<Change | null>(null);
  const [starting, setStarting] = useState(false);
  const [turnDown, setTurnDown] = useState<Status | null>(null);
  const [asked, setAsked] = useState<'owner' | 'campaign' | 'convert' | null>(null);
  const list = `view=${view}&${query}`;
  const all = whole?.query === list && rows.length > 0 ? whole : null;
  const size = all?.count ?? rows.length;
  const leads = (count: number) => `${number(count)} ${count === 1 ? 'lead' : 'leads'}`;
  if (rows.length === 0 && !job && !asked) return null;

  async function chooseWhole() {
    try {
      const count = await countOf(list);
      if (count > most) tellFailure(`This view holds ${number(count)} leads; up to ${number(most)} can be changed at once. Narrow the filter.`);
      else setWhole({ query: list, count });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  async function run(order: Order) {
    setStarting(true);
    try {
      setJob(await startChange(all ? { filter: list } : { leads: rows.map(({ id, version }) => ({ id, version })) }, order));
    } catch (error) {
      const problem = Problem.of(error);
      tellFailure([problem.message, ...Object.values(problem.errors).flat()].join(' '));
    } finally {
      setStarting(false);
    }
  }

  /** What went well is said in one line; what was refused stays on the screen until it is closed. */
  function over(change: Change) {
    clear();
    setWhole(null);
    if (change.state === 'completed' && change.refused === 0) setJob(null);
    if (change.changed > 0) tell(`${inWords(change)}: ${leads(change.changed)}.`, change.action === 'delete' ? { label: 'Undo', run: () => void undo(change) } : undefined);
  }

  return (
    <>
      {rows.length > 0 && !job && (
        <div className={classes.bar} role="toolbar" aria-label={`${number(size)} selected`}>
          <b>{number(size)} selected</b>
          {!all && rows.length === loaded && total !== null && total > rows.length && <Button variant="subtle" onClick={() => void chooseWhole()}>Select all {total > most ? `${number(most)}+` : number(total)} in this view</Button>}
          {me.may('leads.transfer') && <Button variant="default" onClick={() => setAsked('owner')}>Owner</Button>}
          {me.may('leads.edit') && (
            <Menu>
              <Menu.Target><Button variant="default">Status</Button></Menu.Target>
              <Menu.Dropdown>
                {statuses.data?.filter((status) => status.isActive && !status.isConverted).map((status) => (
                  <Menu.Item key={status.id} onClick={() => status.category === 'notQualified' ? setTurnDown(status) : void run({ action: 'move', status: { status: status.name } })}>{status.name}</Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          {me.may('campaigns.edit') && <Button variant="default" onClick={() => setAsked('campaign')}>Campaign</Button>}
          {me.may('leads.convert') && me.may('leads.edit') && <Button variant="default" onClick={() => setAsked('convert')}>Convert</Button>}
          {me.may('leads.delete') && <Button variant="default" loading={starting} onClick={() => void run({ action: 'delete' })}>Delete</Button>}
          <Button variant="subtle" color="gray" onClick={clear}>Clear</Button>
        </div>
      )}
      {asked === 'owner' && <OwnerPicker title={`New owner of ${leads(size)}`} onClose={() => setAsked(null)} onPick={(owner) => { setAsked(null); void run({ action: 'transfer', owner }); }} />}
      {turnDown && <TurnDown status={turnDown} what={leads(size)} onClose={() => setTurnDown(null)} onMove={(reason, followUpInDays) => { setTurnDown(null); void run({ action: 'move', status: { status: turnDown.name, reason, followUpInDays } }); }} />}
      <Suspense>
        {asked === 'campaign' && <AddToCampaign who={all ? { query: list } : { leadIds: rows.map((row) => row.id) }} what={leads(size)} onClose={() => setAsked(null)} onDone={clear} />}
        {asked === 'convert' && <ConvertMany what={all ? { filter: list } : { leadIds: rows.map((row) => row.id) }} count={size} onClose={() => setAsked(null)} />}
        {job && <BulkResult key={job.id} begun={job} onOver={over} onClose={() => setJob(null)} />}
      </Suspense>
    </>
  );
}

async function undo(deleted: Change) {
  try {
    const back = await restoreDeleted(deleted);
    followChange(back.id, (change) => { if (isChangeOver(change) && change.refused > 0) tellFailure(`${number(change.refused)} could not be brought back.`); });
  } catch (error) {
    tellFailure(Problem.of(error).message);
  }
}
