import { LeadStatus } from '@/features/leads/LeadStatus';

/** A stage, with the tone of its outcome. */
export function StageBadge({ name, category }: { name: string; category: 'open' | 'won' | 'lost' }) {
  return <LeadStatus name={name} category={category === 'won' ? 'qualified' : category === 'lost' ? 'notQualified' : 'open'} />;
}
