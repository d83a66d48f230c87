import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePage } from '@/app/page';
import { filterFields } from '@/features/leads/fields';
import { statusesQuery, type View } from '@/features/leads/queries';
import { FilterBar } from '@/shared/list/FilterBar';
import { apiSearch } from '@/shared/list/filters';
import list from '@/shared/list/ListPage.module.css';
import classes from './Charts.module.css';
import { CountChart } from './CountChart';
import type { By } from './counts';

const all: By[] = ['status', 'source', 'month', 'owner', 'country', 'industry'];

/** Leads counted by status, source, month, owner, country and industry (VW7), over a view and the filters of the list. */
export function ChartsPage() {
  usePage('Charts');
  const [search, setSearch] = useSearchParams();
  const [menu, setMenu] = useState(false);
  const statuses = useQuery(statusesQuery);
  const view = (['all', 'myOpen', 'current'] as const).find((name) => name === search.get('view')) ?? 'all' as View;
  const filters = new URLSearchParams(search);
  filters.delete('view');
  const query = apiSearch(filters, filterFields);

  function show(next: URLSearchParams, in_: View) {
    if (in_ !== 'all') next.set('view', in_);
    setSearch(next, { replace: true });
  }

  return (
    <div className={classes.page}>
      <div className={list.toolbar}>
        <h1 className={list.title}>Charts</h1>
        <SegmentedControl size="xs" aria-label="Which leads" data={[{ value: 'all', label: 'All' }, { value: 'myOpen', label: 'My open' }, { value: 'current', label: 'Current' }]} value={view} onChange={(next) => show(new URLSearchParams(filters), next as View)} />
        <FilterBar search={filters} fields={filterFields} choices={{ status: statuses.data?.map((status) => status.name) ?? [] }} onChange={(next) => show(next, view)} menuOpened={menu} onMenu={setMenu} />
      </div>
      <div className={classes.grid}>{all.map((by) => <CountChart key={by} by={by} view={view} query={query} most={10} />)}</div>
    </div>
  );
}
