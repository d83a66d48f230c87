import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { useMe } from '@/features/session/session';
import { useCustomList } from '@/shared/custom/lists';
import { ListPage } from '@/shared/list/ListPage';
import { asIs } from '@/shared/list/rows';
import { Since } from '@/shared/list/Since';
import type { Column } from '@/shared/list/types';
import { Failed, Gone, Loading } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { dayAgo } from '@/shared/time';
import { BulkBar } from './BulkBar';
import { rowEditing } from './changes';
import { filterFields } from './fields';
import { LeadStatus } from './LeadStatus';
import { useOverdue } from './overdue';
import { useLeadFields } from './pickLists';
import { leadQuery, nameOf, queuesQuery, statusesQuery, type LeadRow } from './queries';
import { ViewMenu } from './ViewMenu';
import { viewsQuery } from './views';
import classes from './LeadStatus.module.css';

const named: Record<string, { view: string; title: string }> = {
  '/leads': { view: 'all', title: 'All' },
  '/leads/my-open': { view: 'myOpen', title: 'My open' },
  '/leads/current': { view: 'current', title: 'Current' },
};

const usual = ['company', 'status', 'score', 'ownerName', 'phone', 'source', 'nextActivityAt', 'lastTouchAt', 'createdAt'];

const empties: Record<string, string> = {
  myOpen: 'Leads that are yours and still open are shown here.', unread: 'You have opened every open lead of yours.', stale: 'Every current lead was touched lately.',
  overdue: 'No open lead waits longer for a decision than it should.', recentlyViewed: 'Leads that you open are shown here.', newThisWeek: 'No lead has come in this week yet.',
};

const StatusOf = ({ row, isOverdue }: { row: LeadRow; isOverdue: boolean }) => <><LeadStatus name={row.status} category={row.statusCategory} />{isOverdue && <> <Tag tone="bad">Overdue</Tag></>}</>;

/** The leads of a view: one of the three that the navigation names (UI2), or any other (VW1, VW2). */
export function LeadList() {
  const { view: other } = useParams();
  const { pathname } = useLocation();
  const [search] = useSearchParams();
  const views = useQuery(viewsQuery);
  const view = other ?? (named[pathname] ?? named['/leads']!).view;
  const known = views.data?.find((one) => one.id === view);
  const title = known?.name ?? named[pathname]?.title ?? 'View';
  const me = useMe();
  const custom = useCustomList<LeadRow>('leads');
  const queues = useQuery({ ...queuesQuery, enabled: me.may('leads.read') });
  const statuses = useQuery(statusesQuery);
  const lists = useLeadFields();
  const isOverdue = useOverdue();
  const owner = (row: LeadRow) => row.ownerName ?? (row.queueId ? queues.data?.find((queue) => queue.id === row.queueId)?.name ?? 'Queue' : null);

  const columns: Column<LeadRow>[] = [
    { name: 'lastName', label: 'Name', width: 220, sort: 'lastName', show: (row) => nameOf(row) },
    { name: 'company', label: 'Company', width: 220, sort: 'company', show: (row) => row.company },
    { name: 'status', label: 'Status', width: 165, sort: 'status', show: (row) => <StatusOf row={row} isOverdue={isOverdue(row)} /> },
    { name: 'score', label: 'Score', width: 72, sort: 'score', right: true, show: (row) => row.score },
    { name: 'grade', label: 'Grade', width: 76, sort: 'grade', show: (row) => row.grade },
    { name: 'rating', label: 'Rating', width: 90, sort: 'rating', show: (row) => row.rating },
    { name: 'ownerName', label: 'Owner', width: 150, show: (row) => owner(row) },
    { name: 'title', label: 'Title', width: 160, sort: 'title', show: (row) => row.title },
    { name: 'email', label: 'E-mail', width: 220, sort: 'email', show: (row) => row.email },
    { name: 'phone', label: 'Phone', width: 150, show: (row) => row.phone },
    { name: 'city', label: 'City', width: 130, sort: 'city', show: (row) => row.city },
    { name: 'country', label: 'Country', width: 90, sort: 'country', show: (row) => row.country },
    { name: 'industry', label: 'Industry', width: 140, sort: 'industry', show: (row) => row.industry },
    { name: 'source', label: 'Source', width: 120, sort: 'source', show: (row) => row.source },
    { name: 'nextActivityAt', label: 'Next activity', width: 130, sort: 'nextActivityAt', show: (row) => row.nextActivityAt ? <Since at={row.nextActivityAt} /> : row.followUpOn && <span title="Follow-up">{dayAgo(row.followUpOn)}</span> },
    { name: 'lastTouchAt', label: 'Last touch', width: 120, sort: 'lastTouchAt', show: (row) => <Since at={row.lastTouchAt} /> },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <Since at={row.createdAt} /> },
  ];

  if (custom.isPending || (other && views.isPending)) return <Loading lines={12} label="Loading the list" />;
  if (other && views.isError) return <Failed what="The view could not be loaded." error={views.error} retry={() => void views.refetch()} />;
  if (other && !known) return <Gone what="This view is not here." why="It was deleted, or it is no longer shared with you." onward={{ label: 'Show all leads', to: '/leads' }} />;

  const fields = [...filterFields, ...custom.filters];
  const choices = { ...custom.choices, ...lists.choices, status: statuses.data?.map((status) => status.name) ?? [] };
  const details = new Map(lists.detailFields.map((field) => [field.name as string, field]));
  const all = [...columns.map((column): Column<LeadRow> => ({ ...column, field: column.name === 'lastName' ? undefined : details.get(column.name) })), ...custom.columns];
  return (
    <ListPage key={view} title={title} name="leads" crumb={{ label: 'Leads', to: '/leads' }} storage={known?.kind === 'saved' ? `${view}-${known.version}` : view} base="/leads" board={view === 'all' ? '/leads/board' : `/leads/views/${view}/board`} order={known?.sort ?? '-createdAt'}
      cacheKey={['leads', 'list', view]} page={(query, signal) => body(api.leads.GET('/api/leads', { ...asIs(`view=${view}&${query}`), signal }))}
      edit={me.may('leads.edit') ? { editing: rowEditing, may: (row) => !row.isConverting && !row.isConverted } : undefined}
      fields={fields} choices={choices} columns={all} usual={known?.columns.length ? known.columns : usual} isUnread={(row) => row.unread}
      lines={(row) => ({ title: nameOf(row), badge: <span className={classes.status}><StatusOf row={row} isOverdue={isOverdue(row)} /></span>, subtitle: row.company ?? row.email, aside: owner(row) })}
      prefetch={(id) => void queries.prefetchQuery(leadQuery(id))} mayCreate={me.may('leads.create')} createLabel="New lead"
      exports={(search) => `/api/leads?${new URLSearchParams([...new URLSearchParams(search), ['view', view], ['format', 'csv']])}`}
      empty={empties[view] ?? (other ? 'No lead that you may see is in this view now.' : 'Leads are people and companies that might buy. They are shown here.')} hint="Name, company, e-mail, phone"
      views={known && ((shown) => <ViewMenu view={known} search={search} shown={shown.columns} fields={fields} choices={choices} columns={all} onReset={shown.reset} />)}
      bar={(selection) => <BulkBar selection={selection} view={view} />} />
  );
}
