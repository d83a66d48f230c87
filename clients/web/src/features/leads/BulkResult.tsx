import { Button, Group, Modal, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import classes from '@/shared/list/ListPage.module.css';
import { number } from '@/shared/time';
import type { Work } from './BulkBar';

/** How far an action on many leads is; then which of them were refused and why. */
export default function BulkResult({ work, onStop, onClose }: { work: Work; onStop: () => void; onClose: () => void }) {
  const [all, setAll] = useState(false);
  const refused = work.results?.filter((result) => result.problem) ?? [];
  const done = work.results?.filter((result) => !result.problem) ?? [];
  const shown = [...refused, ...all ? done : []].slice(0, 1_000);
  return (
    <Modal opened onClose={() => { if (work.results) onClose(); }} title={work.title} closeButtonProps={{ 'aria-label': 'Close', disabled: !work.results }} size="lg">
      {!work.results ? (
        <>
          <Progress value={work.total ? 100 * work.done / work.total : 0} aria-label="Progress" />
          <p aria-live="polite">{number(work.done)}{work.total !== null && ` of ${number(work.total)}`}</p>
          <Group justify="space-between" mt="md"><span className="muted small">Keep this page open until it is finished.</span><Button variant="default" onClick={onStop}>Stop</Button></Group>
        </>
      ) : (
        <>
          <p>{number(done.length)} of {number(work.results.length)} were changed. {refused.length === 1 ? 'The other one is as it was:' : 'The others are as they were:'}</p>
          <ul className={classes.results} aria-label="Outcomes">
            {shown.map((result) => (
              <li key={result.id}>{result.problem ? <IconAlertTriangle size={16} className={classes.wrong} aria-label="Not changed" /> : <IconCheck size={16} className={classes.ok} aria-label="Changed" />}<span className="breaks"><Link to={`/leads/${result.id}`}>{result.name}</Link>{result.problem && <><br /><span className="muted">{result.problem}</span></>}</span></li>
            ))}
          </ul>
          {!all && done.length > 0 && <Button variant="subtle" mt="sm" onClick={() => setAll(true)}>Show also the {number(done.length)} that were changed</Button>}
        </>
      )}
    </Modal>
  );
}
