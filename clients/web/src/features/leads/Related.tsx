import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { ConversionOutcome } from '@/features/convert/Outcome';
import { day, money } from '@/shared/time';
import classes from '@/shared/record/RecordPage.module.css';
import type { Lead } from './queries';

/** Accounts that the lead's company or e-mail domain belongs to (LD12). */
export function AccountMatches({ id }: { id: string }) {
  const matches = useQuery({ queryKey: ['leads', 'account-matches', id], queryFn: () => body(api.leads.GET('/api/leads/{id}/account-matches', { params: { path: { id } } })), staleTime: 60_000 });
  if (!matches.data?.items.length) return null;
  return (
    <section className={classes.box} aria-label="Accounts it may belong to">
      <h2>Accounts it may belong to</h2>
      <ul className={classes.plain}>
        {matches.data.items.map((match) => (
          <li key={match.accountId}>
            <Link className="breaks" to={`/accounts/${match.accountId}`}>{match.name}</Link> <span className="muted small">by {match.by.join(', ')} · {match.ownerName}</span>
            {match.openOpportunities.map((open) => <div key={open.id} className="small breaks"><Link to={`/opportunities/${open.id}`}>{open.name}</Link> <span className="muted">· {open.stage}{open.amount !== null && ` · ${money(open.amount, open.currency)}`} · closes {day(open.closeDate)}</span></div>)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came of the lead: what it became, or why the last attempt was given up. */
export function Outcome({ lead }: { lead: Lead }) {
  if (lead.isConverted && lead.conversionId) return <ConversionOutcome conversionId={lead.conversionId} leadId={lead.id} />;
  if (lead.conversionFailure) return <Alert color="orange" mt="sm" title="The last conversion was given up; nothing was changed.">{lead.conversionFailure}</Alert>;
  return null;
}
