import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePage } from '@/app/page';
import { filterFields } from '@/features/leads/fields';
import { useLeadFields } from '@/features/leads/pickLists';
import { statusesQuery } from '@/features/leads/queries';
import { viewsQuery } from '@/features/leads/views';
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
  const views = useQuery(viewsQuery);
  const { choices } = useLeadFields();
  const view = search.get('view') ?? 'all';
  const filters = new URLSearchParams(search);
  filters.delete('view');
  const query = apiSearch(filters, filterFields);

  function show(next: URLSearchParams, in_: string) {
    if (in_ !== 'all') next.set('view', in_);
    setSearch(next, { replace: true });
  }

  return (
    <div className={classes.page}>
      <div className={list.toolbar}>
        <h1 className={list.title}>Charts</h1>
        <Select size="xs" aria-label="Which leads" allowDeselect={false} searchable data={views.data?.map((one) => ({ value: one.id, label: one.name })) ?? []} value={view} onChange={(next) => next && show(new URLSearchParams(filters), next)} />
        <FilterBar search={filters} fields={filterFields} choices={{ ...choices, status: statuses.data?.map((status) => status.name) ?? [] }} onChange={(next) => show(next, view)} menuOpened={menu} onMenu={setMenu} />
      </div>
      <div className={classes.grid}>{all.map((by) => <CountChart key={by} by={by} view={view} query={query} most={10} />)}</div>
    </div>
  );
}
