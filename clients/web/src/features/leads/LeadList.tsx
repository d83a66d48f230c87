import { ActionIcon, Button, Checkbox, Menu, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconDownload, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { Empty, Failed, Loading } from '@/shared/States';
import { count } from '@/shared/time';
import { BulkBar } from './BulkBar';
import { columns, defaultColumns } from './fields';
import { FilterBar } from './FilterBar';
import { apiSearch, readFilters } from './filters';
import { LeadGrid } from './LeadGrid';
import classes from './LeadList.module.css';
import { queuesQuery, useLeadList, type LeadRow, type View } from './queries';
import { rememberList } from './walk';

const views: Record<string, { view: View; title: string }> = {
  '/leads': { view: 'all', title: 'All' },
  '/leads/my-open': { view: 'myOpen', title: 'My open' },
  '/leads/current': { view: 'current', title: 'Current' },
};

/** All leads, or one of the two views beside it (UI2). Filters, words and order are in the address. */
export function LeadList() {
  const { pathname } = useLocation();
  const { view, title } = views[pathname] ?? views['/leads']!;
  const [search, setSearch] = useSearchParams();
  const [shown, setShown] = useLocalStorage<string[]>({ key: `leadcrm-columns-${view}`, defaultValue: defaultColumns, getInitialValueInEffect: false });
  const [density, setDensity] = useLocalStorage({ key: 'leadcrm-density', defaultValue: 'normal', getInitialValueInEffect: false });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [filterMenu, setFilterMenu] = useState(false);
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const searchField = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const me = useMe();
  usePage(title, { label: 'Leads', to: title === 'All' ? undefined : '/leads' });

  const query = apiSearch(search);
  const list = useLeadList(view, query);
  const queues = useQuery({ ...queuesQuery, enabled: me.may('leads.read') });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages[0]?.count ?? null;
  const { filters } = readFilters(search);
  const isFiltered = filters.length > 0 || search.has('q');
  const here = `${pathname}?${search}`;

  useEffect(() => setSelected(new Set()), [view, query]);
  useEffect(() => rememberList(here, title, rows.map((row) => row.id)), [here, title, rows]);

  const change = (next: URLSearchParams) => setSearch(next, { replace: true });
  const find = useDebouncedCallback((words: string) => {
    const next = new URLSearchParams(search);
    if (words.trim()) next.set('q', words.trim());
    else next.delete('q');
    change(next);
  }, 250);

  function sortBy(column: string) {
    const next = new URLSearchParams(search);
    const now = next.get('sort') ?? '-createdAt';
    next.set('sort', now === column ? `-${column}` : column);
    change(next);
  }

  const visible = columns.filter((column) => column.name === 'lastName' || shown.includes(column.name));
  const open = (row: LeadRow) => void navigate(`/leads/${row.id}`);

  return (
    <div className={classes.page}>
      <div className={classes.toolbar}>
        <h1 className={classes.title}>{title}{total !== null && <span className={classes.count}>{count(total)}</span>}</h1>
        <TextInput key={`${view}-${search.get('q') ?? ''}`} ref={searchField} className={classes.find} leftSection={<IconSearch size={16} aria-hidden />} aria-label="Search in this list" placeholder="Name, company, e-mail, phone" defaultValue={search.get('q') ?? ''}
          onChange={(event) => find(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur(); }}
          rightSection={search.has('q') && <ActionIcon variant="transparent" color="gray" size={24} aria-label="Clear the search" onClick={() => find('')}><IconX size={14} /></ActionIcon>} />
        <FilterBar search={search} onChange={change} menuOpened={filterMenu} onMenu={setFilterMenu} />
        <span className={classes.space} />
        {!phone && me.may('data.export') && (
          <Tooltip label="Download as CSV">
            <ActionIcon component="a" href={`/api/leads?${new URLSearchParams([...new URLSearchParams(query), ['view', view], ['format', 'csv']])}`} download="leads.csv" variant="default" size={30} aria-label="Download this list as CSV"><IconDownload size={16} /></ActionIcon>
          </Tooltip>
        )}
        {!phone && <Columns shown={shown} onShow={setShown} density={density} onDensity={setDensity} />}
      </div>

      {list.isPending ? <Loading lines={12} label="Loading leads" />
        : list.isError && rows.length === 0 ? <Failed what="The leads could not be loaded." error={list.error} retry={() => list.refetch()} />
        : rows.length === 0 ? (isFiltered
          ? <Empty action={<Button variant="default" onClick={() => change(new URLSearchParams())}>Show all of this view</Button>}>No lead is as the filters say.</Empty>
          : <Empty action={me.may('leads.create') && <Button component={Link} to="/leads/new">New lead</Button>}>{view === 'myOpen' ? 'Leads that are yours and still open are shown here.' : 'Leads are people and companies that might buy. They are shown here.'}</Empty>)
        : <LeadGrid rows={rows} total={total} columns={visible} density={density} phone={phone} sort={search.get('sort') ?? '-createdAt'} onSort={sortBy} selected={selected} onSelect={setSelected} onOpen={open}
            onEnd={() => { if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage(); }} stale={list.isPlaceholderData} place={here}
            queueName={(id) => queues.data?.find((queue) => queue.id === id)?.name ?? 'Queue'} label={`Leads: ${title}`}
            onKey={{ c: () => { if (me.may('leads.create')) void navigate('/leads/new'); }, '/': () => searchField.current?.focus(), f: () => setFilterMenu(true) }} />}
      {list.isFetchNextPageError && <div className={classes.more}><Failed what="More leads could not be loaded." error={list.error} retry={() => list.fetchNextPage()} /></div>}
      <BulkBar rows={rows.filter((row) => selected.has(row.id))} onClear={() => setSelected(new Set())} />
    </div>
  );
}

function Columns({ shown, onShow, density, onDensity }: { shown: string[]; onShow: (next: string[]) => void; density: string; onDensity: (next: string) => void }) {
  return (
    <Menu closeOnItemClick={false} width={220} position="bottom-end">
      <Menu.Target><Tooltip label="Columns and density"><ActionIcon variant="default" size={30} aria-label="Columns and density"><IconAdjustmentsHorizontal size={16} /></ActionIcon></Tooltip></Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Label>Rows</Menu.Label>
        <SegmentedControl fullWidth size="xs" data={[{ value: 'normal', label: 'Normal' }, { value: 'compact', label: 'Compact' }]} value={density} onChange={onDensity} aria-label="Height of rows" />
        <Menu.Label>Columns</Menu.Label>
        {columns.slice(1).map((column) => (
          <Menu.Item key={column.name} role="menuitemcheckbox" aria-checked={shown.includes(column.name)} leftSection={<Checkbox.Indicator size="xs" checked={shown.includes(column.name)} />}
            onClick={() => onShow(shown.includes(column.name) ? shown.filter((name) => name !== column.name) : [...shown, column.name])}>{column.label}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onShow(defaultColumns)}>As they were</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
