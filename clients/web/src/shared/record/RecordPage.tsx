import { ActionIcon, Button, Menu, Tabs, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconDots, IconPhone } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { Problem } from '@/api/problem';
import { Timeline } from '@/features/activities/Timeline';
import type { RecordType } from '@/features/activities/queries';
import { useMe } from '@/features/session/session';
import { useLetterKeys } from '@/shared/letterKeys';
import { neighbours } from '@/shared/list/walk';
import { tell, tellFailure } from '@/shared/notices';
import { Details } from './Details';
import { History } from './History';
import classes from './RecordPage.module.css';
import type { Editing, Section, Versioned } from './types';

/** The page of an account, a contact or an opportunity: who it is on top, what is known beside what happened. */
export function RecordPage<R extends Versioned>({ type, base, record, name, subtitle, facts, sections, editing, mayEdit, tabs, side, below, historyPage, remove, restore, listsChanged }: {
  type: RecordType; base: string; record: R; name: string; subtitle?: ReactNode; facts: [string, ReactNode][]; sections: Section[]; editing: Editing<R>; mayEdit: boolean;
  tabs: { value: string; label: string; show: () => ReactNode }[]; side?: ReactNode; below?: ReactNode; historyPage: React.ComponentProps<typeof History>['page'];
  remove?: () => Promise<unknown>; restore: () => Promise<unknown>; listsChanged: () => Promise<unknown>;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const callField = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const [tab, setTab] = useState<string | null>('activity');
  const [letters] = useLetterKeys();
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 1280px)', false, { getInitialValueInEffect: false });
  const beside = neighbours(record.id);

  useEffect(() => page.current?.focus({ preventScroll: true }), []);

  function log() {
    setTab('activity');
    setTimeout(() => callField.current?.focus());
  }

  function onKeyDown(event: KeyboardEvent) {
    const into = event.target as HTMLElement;
    if (!letters || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(into.tagName) || into.closest('[role=dialog],[role=menu]')) return;
    if (event.key === 'l') { event.preventDefault(); log(); }
    else if (event.key === 'j' && beside?.next) void navigate(`${base}/${beside.next}`);
    else if (event.key === 'k' && beside?.previous) void navigate(`${base}/${beside.previous}`);
    else if (event.key === 'Escape') void navigate(beside?.address ?? base);
  }

  async function drop() {
    try {
      await remove!();
      await listsChanged();
      tell(`${name} is in the recycle bin.`, { label: 'Undo', run: () => void restore().then(listsChanged, (error) => tellFailure(Problem.of(error).message)) });
      void navigate(beside?.address ?? base);
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const details = <Details record={record} editing={editing} sections={sections} mayEdit={mayEdit} />;
  return (
    <div ref={page} className={classes.page} tabIndex={-1} onKeyDown={onKeyDown}>
      <header className={classes.head}>
        <div className={classes.top}>
          <div className={classes.names}><h1 className="breaks">{name}</h1><span className="muted breaks">{subtitle}</span></div>
          <div className={classes.actions}>
            {beside && (
              <span className={classes.walk}>
                <span className="muted small" aria-label={`${beside.position} of ${beside.of} in ${beside.title}`}>{beside.position} of {beside.of}</span>
                <Tooltip label={`Previous of ${beside.title} (k)`}><ActionIcon variant="subtle" color="gray" aria-label="Previous" disabled={!beside.previous} onClick={() => void navigate(`${base}/${beside.previous}`)}><IconArrowUp size={16} /></ActionIcon></Tooltip>
                <Tooltip label={`Next of ${beside.title} (j)`}><ActionIcon variant="subtle" color="gray" aria-label="Next" disabled={!beside.next} onClick={() => void navigate(`${base}/${beside.next}`)}><IconArrowDown size={16} /></ActionIcon></Tooltip>
              </span>
            )}
            {me.may('activities.create') && !phone && <Button variant="default" leftSection={<IconPhone size={15} aria-hidden />} onClick={log}>Log a call</Button>}
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon variant="default" size={30} aria-label="More"><IconDots size={16} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => print()}>Print</Menu.Item>
                {remove && mayEdit && <Menu.Item color="red" onClick={() => void drop()}>Delete</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          </div>
        </div>
        <dl className={classes.facts}>{facts.filter(([, value]) => value).map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="breaks">{value}</dd></div>)}</dl>
        {below}
      </header>
      <div className={classes.columns}>
        {!phone && <section className={classes.details} aria-label="Details">{details}{!wide && side}</section>}
        <section className={classes.middle} aria-label="Activity and more">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List className={classes.tabs}>
              <Tabs.Tab value="activity">Activity</Tabs.Tab>
              {phone && <Tabs.Tab value="details">Details</Tabs.Tab>}
              {tabs.map((one) => <Tabs.Tab key={one.value} value={one.value}>{one.label}</Tabs.Tab>)}
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="activity"><Timeline type={type} id={record.id} callField={callField} /></Tabs.Panel>
            {phone && <Tabs.Panel value="details">{details}{side}</Tabs.Panel>}
            {tabs.map((one) => <Tabs.Panel key={one.value} value={one.value}>{one.show()}</Tabs.Panel>)}
            <Tabs.Panel value="history"><History cacheKey={[type, 'history', record.id, record.version]} sections={sections} page={historyPage} /></Tabs.Panel>
          </Tabs>
        </section>
        {wide && <aside className={classes.side} aria-label="Related">{side}</aside>}
      </div>
      {phone && me.may('activities.create') && <div className={classes.thumb} role="toolbar" aria-label="Act on the record"><Button variant="default" onClick={log}>Log a call</Button></div>}
    </div>
  );
}
