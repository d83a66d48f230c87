import { Kbd, Modal, Switch } from '@mantine/core';
import { useLetterKeys } from '@/shared/letterKeys';
import classes from './Shortcuts.module.css';

const everywhere: [string, string][] = [['Ctrl K', 'Search everything'], ['?', 'This list'], ['Ctrl Enter', 'Save a form']];
const lists: [string, string][] = [
  ['j / k', 'Next, previous row (arrows too)'], ['Enter', 'Open the row'], ['x', 'Select the row'], ['Shift x', 'Select up to here'],
  ['e', 'Edit a cell (leads); left and right choose which'], ['Shift arrows', 'On a heading: make the column wider or narrower'],
  ['c', 'New lead'], ['/', 'Search in the list'], ['f', 'Add a filter'], ['Esc', 'Clear the selection'],
];
const record: [string, string][] = [['e', 'Edit the field in focus'], ['l', 'Log a call'], ['t', 'Plan a task (leads)'], ['s', 'To the status path (leads); arrows, then Enter'], ['j / k', 'Next, previous of the list'], ['Esc', 'Leave the field, then the record']];

/** The keys there are; those that are single letters can be switched off (WCAG 2.1.4). */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const [letters, setLetters] = useLetterKeys();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Group title="Everywhere" keys={everywhere} />
      <Group title="In a list" keys={lists} />
      <Group title="On a record" keys={record} />
      <Switch mt="lg" label="Single letters act in lists and records" checked={letters} onChange={(event) => setLetters(event.currentTarget.checked)} />
    </Modal>
  );
}

function Group({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <section className={classes.group}>
      <h2>{title}</h2>
      <dl>{keys.map(([key, what]) => <div key={key}><dt><Kbd>{key}</Kbd></dt><dd>{what}</dd></div>)}</dl>
    </section>
  );
}
