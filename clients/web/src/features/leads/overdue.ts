import { useQuery } from '@tanstack/react-query';
import { useMe } from '@/features/session/session';
import { settingsQuery, type LeadRow } from './queries';

/** Says of a lead whether it waits longer for a decision than it should (LC8). Until Setup's days are known, none does. */
export function useOverdue() {
  const me = useMe();
  const settings = useQuery({ ...settingsQuery, enabled: me.may('leads.read') });
  const before = new Date();
  before.setHours(0, 0, 0, 0);
  before.setDate(before.getDate() - (settings.data?.overdueAfterDays ?? 36_500));
  return (row: LeadRow) => row.statusCategory === 'open' && Date.parse(row.reopenedAt ?? row.createdAt) < before.getTime();
}
