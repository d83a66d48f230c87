import { Button, Checkbox, Pill, TextInput } from '@mantine/core';
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

/** Finds leads and contacts by name and puts them into the campaign: one at once, or several that are chosen over as many searches as it takes. */
export function AddPeople({ campaign }: { campaign: Campaign }) {
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 250);
  const [busy, setBusy] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Hit[]>([]);
  const found = useQuery({ queryKey: ['search', 'people', slow], queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 8 } }, signal })), enabled: slow.length > 1, placeholderData: keepPreviousData });
  const hits = slow.length > 1 ? (found.data?.groups ?? []).flatMap((group) => group.items as unknown as Hit[]).filter((hit) => hit.type === 'lead' || hit.type === 'contact').slice(0, 8) : [];
  const isChosen = (hit: Hit) => chosen.some((one) => one.id === hit.id);
  const toggle = (hit: Hit) => setChosen(isChosen(hit) ? chosen.filter((one) => one.id !== hit.id) : [...chosen, hit]);

  async function add(people: Hit[], what: string) {
    const of = (type: string) => people.filter((one) => one.type === type).map((one) => one.id);
    setBusy(what);
    try {
      tell(inWords(await addMembers(campaign.id, { leadIds: of('lead'), contactIds: of('contact') }, null), campaign.name));
      setChosen((before) => before.filter((one) => !people.includes(one)));
    } catch (error) {
      tellFailure(Problem.of(error).message);
    } finally {
      setBusy(null);
    }
  }

  return (
    <div className={classes.add}>
      <TextInput autoFocus aria-label="Find a lead or contact" placeholder="Name, company or e-mail of a lead or contact" value={words} onChange={(event) => setWords(event.currentTarget.value)} error={found.isError && Problem.of(found.error).message} />
      {hits.length > 0 && (
        <ul className={classes.hits} aria-label="Found">
          {hits.map((hit) => (
            <li key={hit.id}>
              <Checkbox size="xs" checked={isChosen(hit)} onChange={() => toggle(hit)} aria-label={`Choose ${hit.title}`} />
              <span className="breaks">{hit.title} <span className="muted small">{[hit.type === 'lead' ? 'Lead' : 'Contact', hit.subtitle].filter(Boolean).join(' · ')}</span></span>
              <Button variant="default" loading={busy === hit.id} aria-label={`Add ${hit.title}`} onClick={() => void add([hit], hit.id)}>Add</Button>
            </li>
          ))}
        </ul>
      )}
      {slow.length > 1 && !found.isFetching && hits.length === 0 && <p className="muted small">Nobody is called so.</p>}
      {chosen.length > 0 && (
        <div className={classes.chosen} role="group" aria-label="Chosen">
          {chosen.map((one) => <Pill key={one.id} withRemoveButton onRemove={() => toggle(one)} removeButtonProps={{ 'aria-label': `Leave out ${one.title}`, 'aria-hidden': false, tabIndex: 0 }}>{one.title}</Pill>)}
          <Button loading={busy === 'chosen'} onClick={() => void add(chosen, 'chosen')}>Add {chosen.length} {chosen.length === 1 ? 'person' : 'people'}</Button>
        </div>
      )}
      <p className="muted small" style={{ marginTop: 6 }}>All of a list at once: filter <Link to="/leads">the list of leads</Link>, select them, and choose Campaign.</p>
    </div>
  );
}
