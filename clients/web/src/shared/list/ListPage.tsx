import { ActionIcon, Button, Menu, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconDownload, IconLayoutKanban, IconSearch, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { Empty, Failed, Loading } from '@/shared/States';
import { count } from '@/shared/time';
import { useArrivals } from './arrivals';
import { FilterBar } from './FilterBar';
import { apiSearch, readFilters } from './filters';
import { Grid, type CellEditing } from './Grid';
import classes from './ListPage.module.css';
import { useRowsOf } from './rows';
import type { Column, FilterField, Lines } from './types';
import { rememberList } from './walk';

/** What is selected of a list, and what list it is. */
export interface Selection<Row> { rows: Row[]; loaded: number; total: number | null; query: string; clear: () => void }

export interface ListOf<Row> { items: Row[]; next: string; count: number | null }

interface Props<Row extends { id: string; version: number }> {
  title: string; name: string; crumb?: { label: string; to: string }; storage: string; base: string; order: string;
  /** Asks for a window of rows; the query is what the address says, as the API takes it. */
  cacheKey: readonly unknown[]; page: (query: string, signal: AbortSignal) => Promise<ListOf<Row>>;
  fields: FilterField[]; choices?: Record<string, string[]>; columns: Column<Row>[]; usual: string[]; lines: (row: Row) => Lines; isUnread?: (row: Row) => boolean;
  prefetch: (id: string) => void; mayCreate: boolean; createLabel: string; exports?: (search: string) => string; empty: string; hint: string;
  /** How cells are edited (VW5). */
  edit?: CellEditing<Row>;
  /** Where the same records are shown as a board. */
  board?: string;
  bar?: (selection: Selection<Row>) => ReactNode;
  /** What stands beside the title: which view this is, and the way to others. */
  views?: (shown: { columns: string[]; reset: () => void }) => ReactNode;
}

/** A list of records: words, filters, order and columns above, the rows below. What one sees is in the address. */
export function ListPage<Row extends { id: string; version: number }>({ title, name, crumb, storage, base, order, cacheKey, page, fields, choices = {}, columns, usual, lines, isUnread, prefetch, mayCreate, createLabel, exports, empty, hint, edit, board, bar, views }: Props<Row>) {
  const { pathname } = useLocation();
  const [search, setSearch] = useSearchParams();
  const [shown, setShown] = useLocalStorage<string[]>({ key: `leadcrm-columns-${storage}`, defaultValue: usual, getInitialValueInEffect: false });
  const [widths, setWidths] = useLocalStorage<Record<string, number>>({ key: `leadcrm-widths-${storage}`, defaultValue: noWidths, getInitialValueInEffect: false });
  const [density, setDensity] = useLocalStorage({ key: 'leadcrm-density', defaultValue: 'normal', getInitialValueInEffect: false });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [filterMenu, setFilterMenu] = useState(false);
  const [words, setWords] = useState(search.get('q') ?? '');
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const searchField = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const me = useMe();
  usePage(title, ...crumb ? [crumb] : []);

  const query = apiSearch(search, fields);
  const list = useRowsOf(cacheKey, page, query.includes('sort=') ? query : `${query}&sort=${order}`, { size: firstWindow, further: furtherWindows });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages[0]?.count ?? null;
  const isFiltered = readFilters(search, fields).filters.length > 0 || search.has('q');
  const here = `${pathname}?${search}`;
  const create = `${base}/new`;
  // The same objects while they say the same, so that rows that are shown are not drawn anew with each window that comes in.
  const visible = useMemo(() => inOrder(columns, shown), [columns, shown]);
  const address = useCallback((row: Row) => `${base}/${row.id}`, [base]);

  useEffect(() => setSelected(new Set()), [pathname, query]);
  useEffect(() => rememberList(here, title, rows), [here, title, rows]);

  // What is new does not move what one reads: it waits behind a button. An empty list has nothing to move.
  const sorted = query.includes('sort=') ? query : `${query}&sort=${order}`;
  const [fresh, setFresh] = useState(0);
  useEffect(() => setFresh(0), [sorted, list.dataUpdatedAt]);
  useArrivals(String(cacheKey[0]), () => {
    if (list.isPending || list.isFetching) return;
    if (rows.length === 0) return void list.refetch();
    const loaded = new Set(rows.map((row) => row.id));
    void page(`${sorted}&limit=100`, new AbortController().signal).then((first) => setFresh(first.items.filter((row) => !loaded.has(row.id)).length), () => undefined);   // the next arrival looks again
  });

  const change = (next: URLSearchParams) => setSearch(next, { replace: true });
  // What the address says otherwise than by typing here, as by going back, stands in the field too.
  const asked = useRef(search.get('q') ?? '');
  const q = search.get('q') ?? '';
  useEffect(() => { if (q !== asked.current) { asked.current = q; setWords(q); } }, [q]);
  const find = useDebouncedCallback((words: string) => {
    const next = new URLSearchParams(search);
    asked.current = words.trim();
    if (asked.current) next.set('q', asked.current);
    else next.delete('q');
    change(next);
  }, 250);

  function sortBy(column: string) {
    const next = new URLSearchParams(search);
    next.set('sort', (next.get('sort') ?? order) === column ? `-${column}` : column);
    change(next);
  }

  const clear = () => setSelected(new Set());
  return (
    <div ref={root} className={classes.page}>
      <div className={classes.toolbar}>
        <h1 className={classes.title}>{title}{total !== null && <span className={classes.count}>{count(total)}</span>}</h1>
        {fresh > 0 && <Button variant="light" size="compact-sm" onClick={() => void list.refetch()}>Show {count(fresh)} new</Button>}
        <span className="seen-by-readers" role="status">{fresh > 0 ? `${count(fresh)} new` : ''}</span>
        {views?.({ columns: shown, reset: () => { change(new URLSearchParams()); setShown(usual); } })}
        <TextInput ref={searchField} className={classes.find} leftSection={<IconSearch size={16} aria-hidden />} aria-label="Search in this list" placeholder={hint} value={words}
          onChange={(event) => { setWords(event.currentTarget.value); find(event.currentTarget.value); }}
          onKeyDown={(event) => { if (['Enter', 'Escape', 'ArrowDown'].includes(event.key)) { event.preventDefault(); root.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true }); } }}
          rightSection={words && <ActionIcon variant="transparent" color="gray" size={24} aria-label="Clear the search" onClick={() => { setWords(''); find(''); searchField.current?.focus(); }}><IconX size={14} /></ActionIcon>} />
        <FilterBar search={search} fields={fields} choices={choices} onChange={change} menuOpened={filterMenu} onMenu={setFilterMenu} />
        <span className={classes.space} />
        {board && <Tooltip label="As a board"><ActionIcon component={Link} to={`${board}?${search}`} variant="default" size={30} aria-label="Show as a board"><IconLayoutKanban size={16} /></ActionIcon></Tooltip>}
        {!phone && exports && me.may('data.export') && (
          <Tooltip label="Download as CSV">
            <ActionIcon component="a" href={exports(query)} download={`${name}.csv`} variant="default" size={30} aria-label="Download this list as CSV"><IconDownload size={16} /></ActionIcon>
          </Tooltip>
        )}
        {mayCreate && <Button component={Link} to={create} variant="default" className={classes.create}>{createLabel}</Button>}
        {!phone && <Columns columns={columns} shown={shown} onShow={setShown} onReset={() => { setShown(usual); setWidths(noWidths); }} density={density} onDensity={setDensity} />}
      </div>

      {list.isPending ? <Loading lines={12} label={`Loading ${name}`} />
        : list.isError && rows.length === 0 ? <Failed what={`The ${name} could not be loaded.`} error={list.error} retry={() => void list.refetch()} />
        : rows.length === 0 ? (isFiltered
          ? <Empty action={<Button variant="default" onClick={() => change(new URLSearchParams())}>Show all of this view</Button>}>{`No ${name.replace(/ies$/, 'y').replace(/s$/, '')} is as the filters say.`}</Empty>
          : <Empty action={mayCreate && <Button component={Link} to={create}>{createLabel}</Button>}>{empty}</Empty>)
        : <Grid rows={rows} total={total} columns={visible} density={density} phone={phone} sort={search.get('sort') ?? order} onSort={sortBy} selected={selected} onSelect={setSelected}
            onOpen={(row) => void navigate(`${base}/${row.id}`)} onEnd={() => { if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage(); }} onSight={list.onSight} stale={list.isPlaceholderData} place={here} label={title} address={address}
            widths={widths} onWidth={(column, width) => setWidths((all) => ({ ...all, [column]: width }))} edit={edit}
            lines={lines} isUnread={isUnread} prefetch={prefetch} onKey={{ c: () => { if (mayCreate) void navigate(create); }, '/': () => searchField.current?.focus(), f: () => setFilterMenu(true) }} />}
      {list.isFetchNextPageError && <div className={classes.more}><Failed what={`More ${name} could not be loaded.`} error={list.error} retry={() => void list.fetchNextPage()} /></div>}
      {bar?.({ rows: selected.size === 0 ? [] : rows.filter((row) => selected.has(row.id)), loaded: rows.length, total, query, clear })}
    </div>
  );
}

const noWidths: Record<string, number> = {};

/** Rows that come in at once: few for who only looks, as many as the API gives for who goes on. */
const [firstWindow, furtherWindows] = [100, 200];

/** The first column, then those that are shown, as they were put in order. */
function inOrder<Row>(columns: Column<Row>[], shown: string[]) {
  return [...columns.slice(0, 1), ...shown.map((name) => columns.slice(1).find((column) => column.name === name)).filter((column) => column !== undefined)];
}

function Columns<Row>({ columns, shown, onShow, onReset, density, onDensity }: { columns: Column<Row>[]; shown: string[]; onShow: (next: string[]) => void; onReset: () => void; density: string; onDensity: (next: string) => void }) {
  return (
    <Menu closeOnItemClick={false} width={220} position="bottom-end">
      <Menu.Target><Tooltip label="Columns and density"><ActionIcon variant="default" size={30} aria-label="Columns and density"><IconAdjustmentsHorizontal size={16} /></ActionIcon></Tooltip></Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Label>Rows</Menu.Label>
        <Menu.RadioGroup value={density} onChange={onDensity}>
          <Menu.RadioItem value="normal">Normal</Menu.RadioItem>
          <Menu.RadioItem value="compact">Compact</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Label>Columns</Menu.Label>
        {columns.slice(1).map(({ name, label }) => (
          <Menu.CheckboxItem key={name} checked={shown.includes(name)} onChange={(isShown) => onShow(isShown ? [...shown, name] : shown.filter((one) => one !== name))}>{label}</Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onReset}>As they were</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
