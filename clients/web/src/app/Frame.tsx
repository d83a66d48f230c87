import { ActionIcon, Button, Drawer, Kbd, Menu, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage, useWindowEvent } from '@mantine/hooks';
import { IconAddressBook, IconBuilding, IconChartBar, IconChecklist, IconHome, IconKeyboard, IconLayoutSidebar, IconLogout, IconMenu2, IconMoon, IconPlus, IconSearch, IconSettings, IconSpeakerphone, IconSun, IconTargetArrow, IconUserCircle, IconUsersGroup } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useLayoutEffect, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate, useNavigation } from 'react-router';
import { Problem } from '@/api/problem';
import { Notifications } from '@/features/activities/Notifications';
import { useTaskCount } from '@/features/activities/queries';
import { useLeadCounts, viewCountQuery } from '@/features/leads/queries';
import { isInNavigation, placeOf, viewsQuery } from '@/features/leads/views';
import { signOut, useMe } from '@/features/session/session';
import { maySetUp } from '@/features/setup/areas';
import { tellFailure } from '@/shared/notices';
import { count } from '@/shared/time';
import classes from './Frame.module.css';
import { useLive } from './live';
import { Mark } from './Mark';
import { useCrumbs } from './page';

const Search = lazy(() => import('@/features/search/Search'));
const Shortcuts = lazy(() => import('./Shortcuts'));

/** What surrounds every page: the rail, the bar on top, and on phones the bar below. */
export function Frame() {
  const [narrow, setNarrow] = useLocalStorage({ key: 'leadcrm-rail-narrow', defaultValue: false });
  const [menu, menuOpen] = useDisclosure(false);
  const [search, searchOpen] = useDisclosure(false);
  const [shortcuts, shortcutsOpen] = useDisclosure(false);
  const navigation = useNavigation();
  const ahead = useTypedAhead(search);
  useLive(useMe().id);
  useHotkeys([['mod+K', searchOpen.toggle]], []);   // also while one types
  useWindowEvent('keydown', (event) => {
    if (event.key === '?' && !/^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName)) shortcutsOpen.open();
  });

  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <a className="skip" href="#content">Skip to content</a>
      <nav className={classes.rail} aria-label="Main">
        <Link to="/" className={classes.brand} aria-label="LeadCrm"><Mark size={24} /><span className={classes.label}>LeadCrm</span></Link>
        <Rail narrow={narrow} />
        <Tooltip label={narrow ? 'Widen' : 'Narrow'} position="right">
          <ActionIcon className={classes.collapse} variant="subtle" color="gray" aria-label={narrow ? 'Widen the navigation' : 'Narrow the navigation'} onClick={() => setNarrow(!narrow)}><IconLayoutSidebar size={18} /></ActionIcon>
        </Tooltip>
      </nav>
      <header className={classes.top}>
        <ActionIcon className={classes.onPhones} variant="subtle" color="gray" size="lg" aria-label="Open the menu" onClick={menuOpen.open}><IconMenu2 size={20} /></ActionIcon>
        <Crumbs />
        <UnstyledButton className={classes.search} onClick={searchOpen.open} aria-label="Search everything"><IconSearch size={16} aria-hidden /><span>Search</span><Kbd size="xs">Ctrl K</Kbd></UnstyledButton>
        <NewMenu />
        <Notifications />
        <Me onShortcuts={shortcutsOpen.open} />
      </header>
      <main id="content" className={classes.content} tabIndex={-1} aria-busy={navigation.state !== 'idle'}><Outlet /></main>
      <nav className={classes.bottom} aria-label="Quick">
        <NavLink to="/" end><IconHome size={20} aria-hidden />Home</NavLink>
        <NavLink to="/leads"><IconUsersGroup size={20} aria-hidden />Leads</NavLink>
        <NavLink to="/tasks"><IconChecklist size={20} aria-hidden />Tasks</NavLink>
        <UnstyledButton onClick={searchOpen.open}><IconSearch size={20} aria-hidden />Search</UnstyledButton>
        <NavLink to="/leads/new"><IconPlus size={20} aria-hidden />New</NavLink>
      </nav>
      <Drawer opened={menu} onClose={menuOpen.close} title="LeadCrm" size={280} closeButtonProps={{ 'aria-label': 'Close the menu' }}>
        <nav aria-label="Menu"><Rail narrow={false} onGo={menuOpen.close} /></nav>
      </Drawer>
      <Suspense>
        {search && <Search ahead={ahead} onClose={searchOpen.close} />}
        {shortcuts && <Shortcuts onClose={shortcutsOpen.close} />}
      </Suspense>
    </div>
  );
}

/** What is typed between Ctrl-K and the moment at which the search is there: it belongs to the search, not to the page below. */
function useTypedAhead(opened: boolean) {
  const typed = useRef('');
  const ready = useRef(false);
  useLayoutEffect(() => {
    if (!opened) return;
    [typed.current, ready.current] = ['', false];
    const keep = (event: KeyboardEvent) => {
      if (ready.current || event.ctrlKey || event.metaKey || event.altKey || event.key === 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key.length === 1) typed.current += event.key;
      else if (event.key === 'Backspace') typed.current = typed.current.slice(0, -1);
    };
    window.addEventListener('keydown', keep, { capture: true });
    return () => window.removeEventListener('keydown', keep, { capture: true });
  }, [opened]);
  return useCallback(() => { ready.current = true; return typed.current; }, []);
}

function Rail({ narrow, onGo }: { narrow: boolean; onGo?: () => void }) {
  const { pathname } = useLocation();
  const me = useMe();
  const counts = useLeadCounts();
  const tasks = useTaskCount();
  const inLeads = pathname.startsWith('/leads');
  return (
    <ul className={classes.items}>
      <Item to="/" end icon={<IconHome size={18} aria-hidden />} label="Home" narrow={narrow} onGo={onGo} />
      <Item to="/leads" end={false} icon={<IconUsersGroup size={18} aria-hidden />} label="Leads" narrow={narrow} onGo={onGo} badge={counts.unread} badgeLabel="unread" />
      {inLeads && !narrow && (
        <li><ul className={classes.views}>
          <Item to="/leads" end label="All" onGo={onGo} />
          <Item to="/leads/my-open" end label="My open" onGo={onGo} figure={counts.myOpen} />
          <Item to="/leads/current" end label="Current" onGo={onGo} />
          <Pinned onGo={onGo} />
          {me.may('leads.import') && <Item to="/leads/imports" end={false} label="Import" onGo={onGo} />}
          {me.may('leads.edit') && <Item to="/leads/bulk-changes" end={false} label="Bulk changes" onGo={onGo} />}
        </ul></li>
      )}
      {me.may('accounts.read') && <Item to="/accounts" end={false} icon={<IconBuilding size={18} aria-hidden />} label="Accounts" narrow={narrow} onGo={onGo} />}
      {me.may('contacts.read') && <Item to="/contacts" end={false} icon={<IconAddressBook size={18} aria-hidden />} label="Contacts" narrow={narrow} onGo={onGo} />}
      {me.may('opportunities.read') && <Item to="/opportunities" end={false} icon={<IconTargetArrow size={18} aria-hidden />} label="Opportunities" narrow={narrow} onGo={onGo} />}
      {me.may('campaigns.read') && <Item to="/campaigns" end={false} icon={<IconSpeakerphone size={18} aria-hidden />} label="Campaigns" narrow={narrow} onGo={onGo} />}
      <Item to="/tasks" end icon={<IconChecklist size={18} aria-hidden />} label="Tasks" narrow={narrow} onGo={onGo} badge={tasks.due} badgeLabel="due" />
      {me.may('leads.read') && <Item to="/charts" end icon={<IconChartBar size={18} aria-hidden />} label="Charts" narrow={narrow} onGo={onGo} />}
      {maySetUp(me.may) && <Item to="/setup" end={false} icon={<IconSettings size={18} aria-hidden />} label="Setup" narrow={narrow} onGo={onGo} />}
    </ul>
  );
}

/** The views that somebody wants at hand, with how many leads they hold. */
function Pinned({ onGo }: { onGo?: () => void }) {
  const views = useQuery(viewsQuery);
  const pinned = views.data?.filter((view) => view.isPinned && !isInNavigation(view.id)) ?? [];
  const counts = useQueries({ queries: pinned.map((view) => viewCountQuery(view.id)) });
  return <>{pinned.map((view, i) => <Item key={view.id} to={placeOf(view.id)} end label={view.name} onGo={onGo} figure={counts[i]?.data} />)}</>;
}

function Item({ to, end, icon, label, narrow = false, onGo, figure, badge, badgeLabel }: {
  to: string; end: boolean; icon?: React.ReactNode; label: string; narrow?: boolean; onGo?: () => void; figure?: number; badge?: number; badgeLabel?: string;
}) {
  const link = (
    <NavLink to={to} end={end} className={classes.item} onClick={onGo} aria-label={narrow ? label : undefined}>
      {icon}
      <span className={narrow ? classes.hidden : classes.label}>{label}</span>
      {!narrow && !!figure && <span className={classes.figure}>{count(figure)}</span>}
      {!narrow && !!badge && <span className={classes.badge}>{count(badge)}<span className="seen-by-readers"> {badgeLabel}</span></span>}
    </NavLink>
  );
  return <li>{narrow ? <Tooltip label={label} position="right">{link}</Tooltip> : link}</li>;
}

function Crumbs() {
  const crumbs = useCrumbs();
  return (
    <ol className={classes.crumbs} aria-label="Where you are">
      {crumbs.map((crumb, i) => <li key={i} className="nowrap" aria-current={i === crumbs.length - 1 ? 'page' : undefined}>{crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}</li>)}
    </ol>
  );
}

function NewMenu() {
  const me = useMe();
  const kinds = [['leads', 'Lead'], ['accounts', 'Account'], ['contacts', 'Contact'], ['opportunities', 'Opportunity'], ['campaigns', 'Campaign']].filter(([kind]) => me.may(`${kind}.create`));
  if (kinds.length === 0) return null;
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target><Button className={classes.onDesks} leftSection={<IconPlus size={16} aria-hidden />}>New</Button></Menu.Target>
      <Menu.Dropdown>{kinds.map(([kind, label]) => <Menu.Item key={kind} component={Link} to={`/${kind}/new`}>{label}</Menu.Item>)}</Menu.Dropdown>
    </Menu>
  );
}

function Me({ onShortcuts }: { onShortcuts: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const initials = me.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join('').toUpperCase();

  async function leave() {
    try {
      await signOut();
      void navigate('/');
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target><UnstyledButton className={classes.me} aria-label={`You: ${me.name}`}>{initials}</UnstyledButton></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.name}</Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={16} />} component={Link} to="/me">My account</Menu.Item>
        <Menu.Item leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>{dark ? 'Light theme' : 'Dark theme'}</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onShortcuts}>Keyboard shortcuts</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
