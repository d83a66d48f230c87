import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconTable, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { FilterBar } from '@/shared/list/FilterBar';
import list from '@/shared/list/ListPage.module.css';
import type { FilterField } from '@/shared/list/types';
import { number } from '@/shared/time';

/** What stands above a board: the same words and filters as above the list, which is one click away with them. */
export function BoardPage({ title, total, base, table = base, fields, choices = {}, hint, newLabel, mayCreate, children, more }: {
  title: string; total?: number; base: string; table?: string; fields: FilterField[]; choices?: Record<string, string[]>; hint: string; newLabel: string; mayCreate: boolean; children: ReactNode; more?: ReactNode;
}) {
  const [search, setSearch] = useSearchParams();
  const [menu, setMenu] = useState(false);
  const change = (next: URLSearchParams) => setSearch(next, { replace: true });
  const find = useDebouncedCallback((words: string) => {
    const next = new URLSearchParams(search);
    if (words.trim()) next.set('q', words.trim());
    else next.delete('q');
    change(next);
  }, 250);
  const asList = new URLSearchParams(search);
  asList.delete('pipeline');
  return (
    <div className={list.page}>
      <div className={list.toolbar}>
        <h1 className={list.title}>{title}{total !== undefined && <span className={list.count}>{number(total)}</span>}</h1>
        {more}
        <TextInput key={String(search.has('q'))} className={list.find} leftSection={<IconSearch size={16} aria-hidden />} aria-label="Search on this board" placeholder={hint} defaultValue={search.get('q') ?? ''} onChange={(event) => find(event.currentTarget.value)}
          rightSection={search.has('q') && <ActionIcon variant="transparent" color="gray" size={24} aria-label="Clear the search" onClick={() => find('')}><IconX size={14} /></ActionIcon>} />
        <FilterBar search={search} fields={fields} choices={choices} onChange={change} menuOpened={menu} onMenu={setMenu} />
        <span className={list.space} />
        <Tooltip label="As a table"><ActionIcon component={Link} to={`${table}?${asList}`} variant="default" size={30} aria-label="Show as a table"><IconTable size={16} /></ActionIcon></Tooltip>
        {mayCreate && <Button component={Link} to={`${base}/new`} variant="default" className={list.create}>{newLabel}</Button>}
      </div>
      {children}
    </div>
  );
}
