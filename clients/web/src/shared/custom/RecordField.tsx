import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, body } from '@/api/client';

/** What a look-up may point to, besides users. */
const names: Record<string, (id: string) => Promise<string>> = {
  lead: async (id) => { const one = await body(api.leads.GET('/api/leads/{id}', { params: { path: { id } } })); return [one.firstName, one.lastName].filter(Boolean).join(' '); },
  account: async (id) => (await body(api.accounts.GET('/api/accounts/{id}', { params: { path: { id } } }))).name,
  contact: async (id) => { const one = await body(api.accounts.GET('/api/contacts/{id}', { params: { path: { id } } })); return [one.firstName, one.lastName].filter(Boolean).join(' '); },
  opportunity: async (id) => (await body(api.opportunities.GET('/api/opportunities/{id}', { params: { path: { id } } }))).name,
};
const pages: Record<string, string> = { lead: '/leads', account: '/accounts', contact: '/contacts', opportunity: '/opportunities' };

const useName = (target: string, id: string | null) =>
  useQuery({ queryKey: ['names', target, id], queryFn: () => names[target]!(id!), enabled: !!id && !!names[target], staleTime: 60_000, retry: false });

/** Finds a record of one kind by its name, also with typing errors. */
export function RecordField({ target, value, onChange, ...props }: { target: string; value: string | null; onChange: (id: string | null) => void; label?: string; description?: string; error?: string; 'aria-label'?: string }) {
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 200);
  const chosen = useName(target, value);
  const found = useQuery({ queryKey: ['search', 'one-kind', target, slow], queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 10 } }, signal })), enabled: slow.length > 1, placeholderData: keepPreviousData });
  const groups = (slow.length > 1 ? found.data?.groups ?? [] : []) as unknown as { type: string; items: { id: string; title: string; subtitle?: string | null }[] }[];
  const data = groups.filter((group) => group.type === target).flatMap((group) => group.items.map((hit) => ({ value: hit.id, label: [hit.title, hit.subtitle].filter(Boolean).join(' · ') })));
  if (value && !data.some((one) => one.value === value)) data.unshift({ value, label: chosen.data ?? (chosen.isError ? 'A record that you may not see' : '…') });
  return <Select {...props} searchable clearable placeholder="Type a name" data={data} value={value} onChange={onChange} onSearchChange={setWords} filter={({ options }) => options} nothingFoundMessage={slow.length > 1 && !found.isFetching ? 'Nothing is called so' : 'Type at least two letters'} />;
}

/** The record that a look-up points to, by its name. */
export function RecordLink({ target, id }: { target: string; id: string }) {
  const { data, isError } = useName(target, id);
  return isError ? <span className="muted">A record that you may not see</span> : <Link to={`${pages[target] ?? ''}/${id}`}>{data ?? `Open the ${target}`}</Link>;
}
