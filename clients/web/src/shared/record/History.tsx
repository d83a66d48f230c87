import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usersQuery } from '@/features/users/queries';
import { Failed, Loading } from '@/shared/States';
import { When } from '@/shared/When';
import classes from './History.module.css';
import type { Section } from './types';

interface Entry { id: string; kind: string; at: string; actorName: string; changes: unknown }

const verbs: Record<string, string> = { created: 'created it', updated: 'changed', deleted: 'moved it to the recycle bin', restored: 'brought it back', undone: 'undid' };

/** Every change of every field, newest first. */
export function History({ cacheKey, page, sections, names = {} }: { cacheKey: readonly unknown[]; page: (after: string) => Promise<{ items: Entry[]; next: string }>; sections: Section[]; names?: Record<string, string> }) {
  const history = useInfiniteQuery({
    queryKey: cacheKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: '', getNextPageParam: (page) => page.next || null,
  });
  const users = useQuery(usersQuery);
  if (history.isPending) return <Loading lines={5} />;
  if (history.isError) return <Failed what="The history could not be loaded." error={history.error} retry={() => history.refetch()} />;

  const label = (field: string) => sections.flatMap((section) => section.fields).find((known) => known.name === field)?.label ?? field.replace(/Id$/, '').replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase());

  function words(field: string, value: unknown): string {
    if (value === null || value === undefined || value === '') return 'nothing';
    const name = typeof value === 'string' && field.endsWith('Id') ? names[value] ?? users.data?.find((user) => user.id === value)?.name : undefined;
    if (name) return name;
    const text = typeof value === 'object' ? JSON.stringify(value) : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value);
    return text.length > 160 ? `${text.slice(0, 160)}…` : text;
  }

  return (
    <>
      <ol className={classes.list}>
        {history.data.pages.flatMap((page) => page.items).map((entry) => {
          const changes = Object.entries((entry.changes ?? {}) as Record<string, { old?: unknown; new?: unknown }>);
          return (
            <li key={entry.id}>
              <p><b>{entry.actorName || 'LeadCrm'}</b> {verbs[entry.kind] ?? entry.kind} <span className="muted small"><When at={entry.at} /></span></p>
              {entry.kind !== 'created' && <ul>{changes.map(([field, change]) => <li key={field} className="breaks"><span className="muted">{label(field)}:</span> {words(field, change.old)} → <b>{words(field, change.new)}</b></li>)}</ul>}
            </li>
          );
        })}
      </ol>
      {history.hasNextPage && <Button variant="subtle" loading={history.isFetchingNextPage} onClick={() => history.fetchNextPage()}>Show older</Button>}
    </>
  );
}
