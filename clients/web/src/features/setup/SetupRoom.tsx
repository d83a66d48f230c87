import { TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { Empty } from '@/shared/States';
import { groupsFor } from './areas';
import classes from './SetupRoom.module.css';

/** Setup, a room of its own: what there is to set up on the left, on phones on a page of its own. */
export function SetupRoom() {
  const me = useMe();
  const { pathname } = useLocation();
  const groups = groupsFor(me.may);
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const area = groups.flatMap((group) => group.areas).find((one) => pathname.startsWith(`/setup/${one.path.split('/')[0]}`));
  if (pathname !== '/setup' && !area) return <NotYours />;
  return (
    <div className={classes.room}>
      {!phone && (
        <nav className={classes.nav} aria-label="Setup">
          {groups.map((group) => (
            <section key={group.title} aria-label={group.title}>
              <h2>{group.title}</h2>
              <ul>{group.areas.map((one) => <li key={one.path}><NavLink to={`/setup/${one.path}`} className={area === one ? 'active' : undefined}>{one.label}</NavLink></li>)}</ul>
            </section>
          ))}
        </nav>
      )}
      <div className={classes.content}><Outlet /></div>
    </div>
  );
}

function NotYours() {
  usePage('Setup');
  return <Empty>There is nothing here that you may set up. An administrator can give your role the permission for it.</Empty>;
}

/** Everything that can be set up, to be found by what it is called and what it is for. */
export function SetupOverview() {
  usePage('Setup');
  const me = useMe();
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const groups = groupsFor(me.may).map((group) => ({ ...group, areas: group.areas.filter((area) => `${area.label} ${area.what} ${area.words ?? ''}`.toLowerCase().includes(wanted)) })).filter((group) => group.areas.length > 0);
  if (groupsFor(me.may).length === 0) return <NotYours />;
  return (
    <div className={classes.overview}>
      <h1>Setup</h1>
      <TextInput leftSection={<IconSearch size={16} aria-hidden />} aria-label="Find in Setup" placeholder="Find in Setup" value={words} onChange={(event) => setWords(event.currentTarget.value)} maw={360} />
      {groups.length === 0 && <p className="muted">Nothing in Setup is called so.</p>}
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2>{group.title}</h2>
          <ul className={classes.cards}>{group.areas.map((area) => <li key={area.path}><Link to={`/setup/${area.path}`}><b>{area.label}</b><span className="muted small">{area.what}</span></Link></li>)}</ul>
        </section>
      ))}
    </div>
  );
}
