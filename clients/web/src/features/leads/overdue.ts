import { useQuery } from '@tanstack/react-query';
import { useMe } from '@/features/session/session';
import { settingsQuery, type LeadRow } from './queries';

/** Says of a lead whether it waits longer for a decision than it should (LC8), by the organisation's calendar as the view Overdue counts. Until that is known, none does. */
export function useOverdue() {
  const me = useMe();
  const settings = useQuery({ ...settingsQuery, enabled: me.may('leads.read') });
  const before = settings.data ? Date.parse(settings.data.overdueBefore) : -Infinity;
  return (row: LeadRow) => row.statusCategory === 'open' && Date.parse(row.reopenedAt ?? row.createdAt) < before;
}
