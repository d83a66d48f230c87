import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { leadQuery, nameOf } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { Failed, Loading } from '@/shared/States';
import classes from './RecordPage.module.css';

/** Records that belong to another, each a line. */
export function Lines<T extends { id: string }>({ query, what, none, line }: { query: { isPending: boolean; isError: boolean; error: unknown; data?: T[]; refetch: () => unknown }; what: string; none: string; line: (one: T) => ReactNode }) {
  if (query.isPending) return <Loading lines={3} />;
  if (query.isError) return <Failed what={`The ${what} could not be loaded.`} error={query.error} retry={() => void query.refetch()} />;
  if (!query.data?.length) return <p className="muted">{none}</p>;
  return <ul className={classes.plain}>{query.data.map((one) => <li key={one.id}>{line(one)}</li>)}</ul>;
}

/** The leads that became a record. */
export function FromLeads({ ids = [] }: { ids?: string[] }) {
  if (ids.length === 0) return null;
  return <section className={classes.box} aria-label="Leads that became it"><h2>Leads that became it</h2><ul className={classes.plain}>{ids.map((id) => <li key={id}><LeadLink id={id} /></li>)}</ul></section>;
}

function LeadLink({ id }: { id: string }) {
  const me = useMe();
  const lead = useQuery({ ...leadQuery(id), enabled: me.may('leads.read'), retry: false });
  return <Link to={`/leads/${id}`}>{lead.data ? nameOf(lead.data) : 'A lead'}</Link>;
}
