import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import { useMe } from '@/features/session/session';
import { useCustomList } from '@/shared/custom/lists';
import { ListPage } from '@/shared/list/ListPage';
import { asIs } from '@/shared/list/rows';
import type { Column } from '@/shared/list/types';
import { Loading } from '@/shared/States';
import { dayAgo } from '@/shared/time';
import { When } from '@/shared/When';
import { BulkBar } from './BulkBar';
import { filterFields } from './fields';
import { LeadStatus } from './LeadStatus';
import { leadQuery, nameOf, queuesQuery, statusesQuery, type LeadRow, type View } from './queries';

const views: Record<string, { view: View; title: string }> = {
  '/leads': { view: 'all', title: 'All' },
  '/leads/my-open': { view: 'myOpen', title: 'My open' },
  '/leads/current': { view: 'current', title: 'Current' },
};

const text = (value: string | number | null | undefined) => value === null || value === undefined ? null : <span className="nowrap" title={String(value)}>{value}</span>;
const usual = ['company', 'status', 'score', 'owner', 'phone', 'source', 'nextActivityAt', 'lastTouchAt', 'createdAt'];

/** All leads, or one of the two views beside it (UI2). */
export function LeadList() {
  const { view, title } = views[useLocation().pathname] ?? views['/leads']!;
  const me = useMe();
  const custom = useCustomList<LeadRow>('leads');
  const queues = useQuery({ ...queuesQuery, enabled: me.may('leads.read') });
  const statuses = useQuery(statusesQuery);
  const owner = (row: LeadRow) => row.ownerName ?? (row.queueId ? queues.data?.find((queue) => queue.id === row.queueId)?.name ?? 'Queue' : null);

  const columns: Column<LeadRow>[] = [
    { name: 'lastName', label: 'Name', width: 220, sort: 'lastName', show: (row) => nameOf(row) },
    { name: 'company', label: 'Company', width: 220, sort: 'company', show: (row) => text(row.company) },
    { name: 'status', label: 'Status', width: 130, sort: 'status', show: (row) => <LeadStatus name={row.status} category={row.statusCategory} /> },
    { name: 'score', label: 'Score', width: 72, sort: 'score', right: true, show: (row) => row.score },
    { name: 'grade', label: 'Grade', width: 76, sort: 'grade', show: (row) => text(row.grade) },
    { name: 'rating', label: 'Rating', width: 90, sort: 'rating', show: (row) => text(row.rating) },
    { name: 'owner', label: 'Owner', width: 150, show: (row) => text(owner(row)) },
    { name: 'title', label: 'Title', width: 160, sort: 'title', show: (row) => text(row.title) },
    { name: 'email', label: 'E-mail', width: 220, sort: 'email', show: (row) => text(row.email) },
    { name: 'phone', label: 'Phone', width: 150, show: (row) => text(row.phone) },
    { name: 'city', label: 'City', width: 130, sort: 'city', show: (row) => text(row.city) },
    { name: 'country', label: 'Country', width: 90, sort: 'country', show: (row) => text(row.country) },
    { name: 'industry', label: 'Industry', width: 140, sort: 'industry', show: (row) => text(row.industry) },
    { name: 'source', label: 'Source', width: 120, sort: 'source', show: (row) => text(row.source) },
    { name: 'nextActivityAt', label: 'Next activity', width: 130, sort: 'nextActivityAt', show: (row) => row.nextActivityAt ? <When at={row.nextActivityAt} /> : row.followUpOn && <span title="Follow-up">{dayAgo(row.followUpOn)}</span> },
    { name: 'lastTouchAt', label: 'Last touch', width: 120, sort: 'lastTouchAt', show: (row) => <When at={row.lastTouchAt} /> },
    { name: 'createdAt', label: 'Created', width: 120, sort: 'createdAt', show: (row) => <When at={row.createdAt} /> },
  ];

  if (custom.isPending) return <Loading lines={12} label="Loading the list" />;
  return (
    <ListPage title={title} name="leads" crumb={title === 'All' ? { label: 'Leads', to: '/leads' } : { label: 'Leads', to: '/leads' }} storage={view} base="/leads" board="/leads/board" order="-createdAt"
      cacheKey={['leads', 'list', view]} page={(query, signal) => body(api.leads.GET('/api/leads', { ...asIs(`view=${view}&${query}`), signal }))}
      fields={[...filterFields, ...custom.filters]} choices={{ ...custom.choices, status: statuses.data?.map((status) => status.name) ?? [] }} columns={[...columns, ...custom.columns]} usual={usual} isUnread={(row) => row.unread}
      lines={(row) => ({ title: nameOf(row), badge: <LeadStatus name={row.status} category={row.statusCategory} />, subtitle: row.company ?? row.email, aside: owner(row) })}
      prefetch={(id) => void queries.prefetchQuery(leadQuery(id))} mayCreate={me.may('leads.create')} createLabel="New lead"
      exports={(search) => `/api/leads?${new URLSearchParams([...new URLSearchParams(search), ['view', view], ['format', 'csv']])}`}
      empty={view === 'myOpen' ? 'Leads that are yours and still open are shown here.' : 'Leads are people and companies that might buy. They are shown here.'} hint="Name, company, e-mail, phone"
      bar={(selection) => <BulkBar selection={selection} view={view} />} />
  );
}
