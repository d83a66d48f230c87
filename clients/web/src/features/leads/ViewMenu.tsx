import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPin, IconPinnedOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { Problem } from '@/api/problem';
import { usersQuery } from '@/features/users/queries';
import { useMe } from '@/features/session/session';
import { asCondition, filterInWords, withMore } from '@/shared/list/conditions';
import { readFilters } from '@/shared/list/filters';
import list from '@/shared/list/ListPage.module.css';
import type { Column, FilterField } from '@/shared/list/types';
import { tell, tellFailure } from '@/shared/notices';
import type { LeadRow } from './queries';
import { changeView, conditionsOf, deleteView, draftOf, isInNavigation, pinView, placeOf, viewsQuery, type View, type ViewDraft } from './views';

const ViewEditor = lazy(() => import('./ViewEditor'));
const Confirm = lazy(async () => ({ default: (await import('@/shared/Confirm')).Confirm }));

/** Which view the list shows, the way to the others, and what can be done with it (VW1, VW2). */
export function ViewMenu({ view, search, shown, fields, choices, columns, onReset }: {
  view: View; search: URLSearchParams; shown: string[]; fields: FilterField[]; choices: Record<string, string[]>; columns: Column<LeadRow>[]; onReset: () => void;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const views = useQuery(viewsQuery);
  const [edited, setEdited] = useState<{ view: View | null; draft: ViewDraft } | null>(null);
  const [deleting, setDeleting] = useState(false);
  const conditions = conditionsOf(view);
  const users = useQuery({ ...usersQuery, enabled: conditions.some((condition) => condition.field === 'ownerId' && condition.value !== 'me') });
  const { filters } = readFilters(search, fields);
  const isChanged = filters.length > 0 || search.has('sort');
  const all = views.data ?? [];
  const mine = all.filter((one) => one.kind === 'saved' && one.ownerId === me.id);
  const others = all.filter((one) => one.kind === 'saved' && one.ownerId !== me.id);

  /** The view with what the address and the columns add to it. */
  const asShown = (from: ViewDraft): ViewDraft => ({ ...from, ...withMore(from.conditions, from.logic, filters.map(asCondition)), sort: search.get('sort') ?? from.sort, columns: shown });
  const copy = () => setEdited({ view: null, draft: { ...asShown(draftOf(view)), name: view.kind === 'saved' ? `Copy of ${view.name}`.slice(0, 80) : '', everyone: false, userIds: [], teamIds: [] } });

  async function act(doing: () => Promise<unknown>, done?: string) {
    try {
      await doing();
      if (done) tell(done);
    } catch (error) {
      tellFailure(Problem.of(error).words);
    }
  }

  const group = (label: string, some: View[]) => some.length > 0 && (
    <>
      <Menu.Label>{label}</Menu.Label>
      {some.map((one) => (
        <Menu.Item key={one.id} aria-current={one.id === view.id ? 'page' : undefined} data-active={one.id === view.id || undefined} onClick={() => void navigate(placeOf(one.id))} rightSection={one.isPinned && <IconPin size={14} aria-label="pinned" />}>{one.name}</Menu.Item>
      ))}
    </>
  );

  return (
    <>
      <Menu width={260} position="bottom-start">
        <Menu.Target><UnstyledButton className={list.view} aria-label={`View: ${view.name}. Choose another`}><IconChevronDown size={16} aria-hidden /></UnstyledButton></Menu.Target>
        <Menu.Dropdown className={list.menu}>
          {group('Everybody’s', all.filter((one) => one.kind === 'builtIn'))}
          {group('Queues', all.filter((one) => one.kind === 'queue'))}
          {group('Mine', mine)}
          {group('Shared with me', others)}
          <Menu.Divider />
          {isChanged && view.mayChange && <Menu.Item onClick={() => void act(async () => { await changeView(view, asShown(draftOf(view))); onReset(); }, `“${view.name}” is saved.`)}>Save the view</Menu.Item>}
          <Menu.Item onClick={copy}>Save as a new view</Menu.Item>
          {isChanged && <Menu.Item onClick={onReset}>Reset</Menu.Item>}
          {view.mayChange && <Menu.Item onClick={() => setEdited({ view, draft: draftOf(view) })}>Edit or share the view</Menu.Item>}
          {!isInNavigation(view.id) && <Menu.Item onClick={() => void act(() => pinView(view, !view.isPinned))}>{view.isPinned ? 'Unpin the view' : 'Pin the view'}</Menu.Item>}
          {view.mayChange && <Menu.Item color="var(--lc-bad)" onClick={() => setDeleting(true)}>Delete the view</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {!isInNavigation(view.id) && (
        <Tooltip label={view.isPinned ? 'Unpin' : 'Pin to the navigation'}>
          <ActionIcon variant="subtle" color="gray" size={24} aria-label={view.isPinned ? `Unpin ${view.name}` : `Pin ${view.name}`} onClick={() => void act(() => pinView(view, !view.isPinned))}>{view.isPinned ? <IconPinnedOff size={15} /> : <IconPin size={15} />}</ActionIcon>
        </Tooltip>
      )}
      {conditions.length > 0 && !isInNavigation(view.id) && (
        <button type="button" className={list.filter} title="What the view shows" onClick={() => view.mayChange ? setEdited({ view, draft: draftOf(view) }) : copy()}>
          {filterInWords(conditions, view.filter.logic ?? '', fields, (id) => id === 'me' ? 'me' : users.data?.find((user) => user.id === id)?.name ?? 'somebody')}
        </button>
      )}
      <Suspense>
        {edited && (
          <ViewEditor view={edited.view} draft={edited.draft} fields={fields} choices={choices} columns={columns} onClose={() => setEdited(null)}
            onSaved={(saved) => { setEdited(null); onReset(); void navigate(placeOf(saved.id)); tell(`“${saved.name}” is saved.`); }} />
        )}
        {deleting && (
          <Confirm title={`Delete the view “${view.name}”?`} label="Delete the view" onClose={() => setDeleting(false)} run={async () => { await deleteView(view); void navigate('/leads'); }}>
            <p>The leads stay as they are. {view.sharedWith?.everyone || view.sharedWith?.userIds?.length || view.sharedWith?.teamIds?.length ? 'It is shared: it goes for everybody who looks through it.' : ''}</p>
          </Confirm>
        )}
      </Suspense>
    </>
  );
}
