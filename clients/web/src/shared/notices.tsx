import { Button, CloseButton } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import classes from './notices.module.css';

interface Notice { id: number; text: string; tone: 'good' | 'bad'; action?: { label: string; run: () => void } }

let shown: Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: Notice[]) {
  shown = next;
  listeners.forEach((tell) => tell());
}

/** Says that something was done, with a way back where there is one. */
export function tell(text: string, action?: Notice['action'], tone: Notice['tone'] = 'good') {
  set([...shown.slice(-2), { id: ++last, text, tone, action }]);
}

/** Says that something was not done, and why. */
export const tellFailure = (text: string) => tell(text, undefined, 'bad');

const dismiss = (id: number) => set(shown.filter((notice) => notice.id !== id));

export function Notices() {
  const notices = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => shown);
  return <div className={classes.all} role="status" aria-live="polite">{notices.map((notice) => <One key={notice.id} notice={notice} />)}</div>;
}

function One({ notice }: { notice: Notice }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(notice.id), notice.tone === 'bad' ? 12_000 : notice.action ? 10_000 : 5_000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className={classes.one} data-tone={notice.tone}>
      <span className="breaks">{notice.text}</span>
      {notice.action && <Button variant="subtle" onClick={() => { notice.action!.run(); dismiss(notice.id); }}>{notice.action.label}</Button>}
      <CloseButton size={24} aria-label="Dismiss" onClick={() => dismiss(notice.id)} />
    </div>
  );
}
