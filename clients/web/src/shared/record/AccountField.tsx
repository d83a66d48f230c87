import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';

/** Finds an account by its name, also with typing errors. */
export function AccountField({ value, onChange, ...props }: { value: string; onChange: (id: string) => void; name: string; label: string; error?: string; onBlur: () => void }) {
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 200);
  const chosen = useQuery({ queryKey: ['accounts', 'one', value], queryFn: () => body(api.accounts.GET('/api/accounts/{id}', { params: { path: { id: value } } })), enabled: !!value });
  const found = useQuery({ queryKey: ['accounts', 'lookup', slow], queryFn: ({ signal }) => body(api.accounts.GET('/api/accounts/search', { params: { query: { q: slow, limit: 10 } }, signal })), enabled: slow.length > 1, placeholderData: keepPreviousData });
  const data = (slow.length > 1 ? found.data?.items ?? [] : []).map((hit) => ({ value: hit.id, label: hit.title }));
  if (chosen.data && !data.some((one) => one.value === value)) data.unshift({ value, label: chosen.data.name });
  return <Select {...props} searchable clearable placeholder="Type a name" data={data} value={value || null} onChange={(id) => onChange(id ?? '')} onSearchChange={setWords} filter={({ options }) => options} nothingFoundMessage={slow.length > 1 && !found.isFetching ? 'No account is called so' : 'Type at least two letters'} />;
}
