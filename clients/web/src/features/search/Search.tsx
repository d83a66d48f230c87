import { Combobox, Modal, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import { IconArrowRight, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import classes from './Search.module.css';

interface Hit { type: string; id: string; title: string; subtitle?: string | null }

const kinds: Record<string, string> = { lead: 'Leads', account: 'Accounts', contact: 'Contacts', opportunity: 'Opportunities', campaign: 'Campaigns' };
const pages: Record<string, string> = { lead: '/leads', account: '/accounts', contact: '/contacts', opportunity: '/opportunities', campaign: '/campaigns' };

/** Finds records of every kind, and goes to pages (UI3). */
export default function Search({ ahead, onClose }: { ahead: () => string; onClose: () => void }) {
  const navigate = useNavigate();
  const me = useMe();
  const box = useCombobox({ opened: true });
  const [words, setWords] = useState('');
  const taken = useRef(false);   // what was typed before this was here
  const [slow] = useDebouncedValue(words.trim(), 150);
  const [recent, setRecent] = useLocalStorage<Hit[]>({ key: `leadcrm-recent:${me.id}`, defaultValue: [], getInitialValueInEffect: false });
  const found = useQuery({
    queryKey: ['search', slow],
    queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 8 } }, signal })),
    enabled: slow.length > 1, placeholderData: keepPreviousData,
  });
  const groups = (slow.length > 1 ? found.data?.groups ?? [] : []).filter((group) => pages[group.type]) as unknown as { type: string; items: Hit[] }[];
  const commands = [
    { id: '/leads', label: 'Go to all leads' }, { id: '/leads/my-open', label: 'Go to my open leads' }, { id: '/leads/current', label: 'Go to current leads' }, { id: '/accounts', label: 'Go to accounts' }, { id: '/contacts', label: 'Go to contacts' }, { id: '/opportunities', label: 'Go to opportunities' }, { id: '/opportunities/board', label: 'Go to the board of opportunities' }, { id: '/leads/board', label: 'Go to the board of leads' }, { id: '/campaigns', label: 'Go to campaigns' }, { id: '/charts', label: 'Go to charts' }, { id: '/', label: 'Go home' }, { id: '/tasks', label: 'Go to my tasks' },
    ...me.may('leads.create') ? [{ id: '/leads/new', label: 'New lead' }] : [],
  ].filter((command) => !words.trim() || command.label.toLowerCase().includes(words.trim().toLowerCase()));

  useEffect(() => { box.selectFirstOption(); });

  function go(value: string) {
    const hit = [...groups.flatMap((group) => group.items), ...recent].find((one) => `${pages[one.type]}/${one.id}` === value);
    if (hit) setRecent([{ type: hit.type, id: hit.id, title: hit.title, subtitle: hit.subtitle ?? null }, ...recent.filter((one) => one.id !== hit.id)].slice(0, 8));
    onClose();
    void navigate(value);
  }

  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={0} size={560} yOffset="10vh" attributes={{ content: { 'aria-label': 'Search' } }}>
      <Combobox store={box} onOptionSubmit={go}>
        <Combobox.EventsTarget>
          <TextInput data-autofocus size="md" variant="unstyled" className={classes.field} leftSection={<IconSearch size={18} aria-hidden />} aria-label="Search leads, accounts, contacts, opportunities and campaigns" placeholder="Find a record, or go somewhere"
            onFocus={() => { if (taken.current) return; taken.current = true; setWords(ahead()); }} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        </Combobox.EventsTarget>
        <Combobox.Options className={classes.options} data-stale={found.isPlaceholderData || undefined} aria-label="Results">
          {groups.map((group) => (
            <Combobox.Group key={group.type} label={kinds[group.type]}>
              {group.items.map((hit) => <Option key={hit.id} value={`${pages[hit.type]}/${hit.id}`} title={hit.title} subtitle={hit.subtitle} />)}
            </Combobox.Group>
          ))}
          {!words.trim() && recent.length > 0 && <Combobox.Group label="Seen lately">{recent.map((hit) => <Option key={hit.id} value={`${pages[hit.type]}/${hit.id}`} title={hit.title} subtitle={hit.subtitle} />)}</Combobox.Group>}
          {commands.length > 0 && <Combobox.Group label="Go to">{commands.map((command) => <Combobox.Option key={command.id} value={command.id}><span className={classes.command}><IconArrowRight size={14} aria-hidden />{command.label}</span></Combobox.Option>)}</Combobox.Group>}
          {slow.length > 1 && !found.isFetching && groups.length === 0 && commands.length === 0 && <p className={`muted ${classes.none}`}>Nothing is called “{slow}”, also not with typing errors.</p>}
        </Combobox.Options>
        {found.isError && slow.length > 1 && <p className={classes.none} role="alert">{Problem.of(found.error).message}</p>}
        {!!found.data?.unanswered.length && slow.length > 1 && <p className={`muted small ${classes.none}`}>Without an answer for the moment: {found.data.unanswered.join(', ')}. There may be more.</p>}
        <p className="seen-by-readers" role="status">{slow.length > 1 && !found.isFetching ? `${groups.reduce((sum, group) => sum + group.items.length, 0)} results` : ''}</p>
      </Combobox>
    </Modal>
  );
}

function Option({ value, title, subtitle }: { value: string; title: string; subtitle?: string | null }) {
  return <Combobox.Option value={value}><span className={classes.hit}><span className="nowrap">{title}</span>{subtitle && <span className="muted small nowrap">{subtitle}</span>}</span></Combobox.Option>;
}
