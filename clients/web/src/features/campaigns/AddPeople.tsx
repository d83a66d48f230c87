import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { tell, tellFailure } from '@/shared/notices';
import { addMembers, inWords, type Campaign } from './campaigns';
import classes from './Members.module.css';

interface Hit { type: string; id: string; title: string; subtitle?: string | null }

/** Finds leads and contacts by name and puts them into the campaign, one by one; many at once come from the list of leads. */
export function AddPeople({ campaign }: { campaign: Campaign }) {
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 250);
  const [busy, setBusy] = useState<string | null>(null);
  const found = useQuery({ queryKey: ['search', 'people', slow], queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 8 } }, signal })), enabled: slow.length > 1, placeholderData: keepPreviousData });
  const hits = slow.length > 1 ? (found.data?.groups ?? []).flatMap((group) => group.items as unknown as Hit[]).filter((hit) => hit.type === 'lead' || hit.type === 'contact').slice(0, 8) : [];

  async function add(hit: Hit) {
    setBusy(hit.id);
    try {
      tell(inWords(await addMembers(campaign.id, hit.type === 'lead' ? { leadIds: [hit.id] } : { contactIds: [hit.id] }, null), campaign.name));
    } catch (error) {
      tellFailure(Problem.of(error).message);
    } finally {
      setBusy(null);
    }
  }

  return (
    <div className={classes.add}>
      <TextInput autoFocus aria-label="Find a lead or contact" placeholder="Name, company or e-mail of a lead or contact" value={words} onChange={(event) => setWords(event.currentTarget.value)} error={found.isError && Problem.of(found.error).message} />
      {hits.length > 0 && <ul className={classes.hits} aria-label="Found">{hits.map((hit) => <li key={hit.id}><span className="breaks">{hit.title} <span className="muted small">{[hit.type === 'lead' ? 'Lead' : 'Contact', hit.subtitle].filter(Boolean).join(' · ')}</span></span><Button variant="default" loading={busy === hit.id} aria-label={`Add ${hit.title}`} onClick={() => void add(hit)}>Add</Button></li>)}</ul>}
      {slow.length > 1 && !found.isFetching && hits.length === 0 && <p className="muted small">Nobody is called so.</p>}
      <p className="muted small" style={{ marginTop: 6 }}>Many at once: filter <Link to="/leads">the list of leads</Link>, select them, and choose Campaign.</p>
    </div>
  );
}
