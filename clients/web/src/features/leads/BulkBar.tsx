import { Button, Menu, Modal, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '@/features/session/session';
import { tell } from '@/shared/notices';
import { hand, moveTo, named, remove, restore, withEach, type RowResult } from './bulk';
import classes from '@/shared/list/ListPage.module.css';
import { OwnerPicker } from './OwnerPicker';
import { statusesQuery, type LeadRow, type Status } from './queries';
import { TurnDown } from './TurnDown';

/** What can be done with the selected rows, and what came of it for each. */
export function BulkBar({ rows, onClear }: { rows: LeadRow[]; onClear: () => void }) {
  const me = useMe();
  const statuses = useQuery({ ...statusesQuery, enabled: rows.length > 0 });
  const [work, setWork] = useState<{ title: string; total: number; done: number; results: RowResult[] | null } | null>(null);
  const [turnDown, setTurnDown] = useState<Status | null>(null);
  const [owner, setOwner] = useState(false);
  if (rows.length === 0 && !work) return null;

  async function run(title: string, action: Parameters<typeof withEach>[1], undo?: boolean) {
    const all = rows.map(named);
    setWork({ title, total: all.length, done: 0, results: null });
    const results = await withEach(all, action, (done) => setWork({ title, total: all.length, done, results: null }));
    const failed = results.filter((result) => result.problem);
    const done = results.filter((result) => !result.problem);
    onClear();
    if (failed.length > 0) setWork({ title, total: all.length, done: all.length, results });
    else setWork(null);
    if (done.length > 0) tell(`${title}: ${done.length} ${done.length === 1 ? 'lead' : 'leads'}.`, undo ? { label: 'Undo', run: () => void withEach(done.map((row) => ({ id: row.id, name: row.name, version: 0 })), restore, () => {}) } : undefined);
  }

  return (
    <>
      {rows.length > 0 && !work && (
        <div className={classes.bar} role="toolbar" aria-label={`${rows.length} selected`}>
          <b>{rows.length} selected</b>
          {me.may('leads.transfer') && <Button variant="default" onClick={() => setOwner(true)}>Owner</Button>}
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
          {me.may('leads.delete') && <Button variant="default" onClick={() => void run('Moved to the recycle bin', remove, true)}>Delete</Button>}
          <Button variant="subtle" color="gray" onClick={onClear}>Clear</Button>
        </div>
      )}
      {owner && <OwnerPicker title={`New owner of ${rows.length} ${rows.length === 1 ? 'lead' : 'leads'}`} onClose={() => setOwner(false)} onPick={(to, name) => { setOwner(false); void run(`Handed to ${name}`, hand(to)); }} />}
      {turnDown && <TurnDown status={turnDown} what={`${rows.length} ${rows.length === 1 ? 'lead' : 'leads'}`} onClose={() => setTurnDown(null)} onMove={(reason, followUpInDays) => { setTurnDown(null); void run(`Moved to ${turnDown.name}`, moveTo(turnDown.name, { reason, followUpInDays })); }} />}
      {work && (
        <Modal opened onClose={() => { if (work.results) setWork(null); }} title={work.title} closeButtonProps={{ 'aria-label': 'Close', disabled: !work.results }} size="lg">
          {!work.results ? <><Progress value={100 * work.done / work.total} aria-label="Progress" /><p aria-live="polite">{work.done} of {work.total}</p></> : (
            <>
              <p>{work.results.filter((result) => !result.problem).length} of {work.total} were changed. The others are as they were:</p>
              <ul className={classes.results}>
                {work.results.toSorted((a, b) => Number(!a.problem) - Number(!b.problem)).map((result) => (
                  <li key={result.id}>{result.problem ? <IconAlertTriangle size={16} className={classes.wrong} aria-label="Not changed" /> : <IconCheck size={16} className={classes.ok} aria-label="Changed" />}<span className="breaks"><b>{result.name}</b>{result.problem && <><br /><span className="muted">{result.problem}</span></>}</span></li>
                ))}
              </ul>
            </>
          )}
        </Modal>
      )}
    </>
  );
}
