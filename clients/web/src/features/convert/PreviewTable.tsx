import { Table } from '@mantine/core';
import { labelOf } from '@/features/leads/fields';
import { useUserName } from '@/features/users/queries';
import { day, money } from '@/shared/time';
import classes from './ConvertPage.module.css';
import type { Origin, Preview } from './queries';

const records = [['account', 'Account'], ['contact', 'Contact'], ['opportunity', 'Opportunity']] as const;
const quiet = new Set(['primaryContactId', 'accountId', 'contactId', 'ownerId']);

/** Every field, its value and where it goes; and what stays behind. */
export function PreviewTable({ plan, stale }: { plan: Preview; stale: boolean }) {
  const owner = useUserName(plan.ownerId);
  return (
    <div data-stale={stale || undefined} className={classes.plan}>
      {records.map(([name, title]) => {
        const record = plan[name];
        const fields = (plan.provenance ?? []).filter((field) => field.record === name && !quiet.has(field.field) && (field.value || field.outcome !== 'set'));
        return (
          <section key={name} aria-label={title}>
            <h3>{title} <span className="muted">{record ? record.created ? 'is made' : record.updated ? 'is there, and gets what it lacks' : 'is there, and stays as it is' : plan.notAsked?.length ? 'could not be asked' : name === 'opportunity' ? 'is not made' : ''}</span></h3>
            {record && <p className="breaks"><b>{record.name}</b></p>}
            {fields.length > 0 && (
              <Table className={classes.table} verticalSpacing={2} horizontalSpacing={6} aria-label={`Fields of the ${name}`}>
                <Table.Thead className="seen-by-readers"><Table.Tr><Table.Th>Field</Table.Th><Table.Th>Value</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {fields.map((field) => (
                    <Table.Tr key={field.field} data-kept={field.outcome === 'kept' || undefined}>
                      <Table.Td>{fieldName(field.field)}</Table.Td>
                      <Table.Td className="breaks">{value(field)}</Table.Td>
                      <Table.Td className="muted">{from(field)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
          </section>
        );
      })}
      {(plan.leftBehind ?? []).length > 0 && (
        <section aria-label="Stays behind">
          <h3>Stays on the lead only</h3>
          <Table className={classes.table} verticalSpacing={2} horizontalSpacing={6} aria-label="What stays behind"><Table.Tbody>{plan.leftBehind!.map((left) => <Table.Tr key={left.field}><Table.Td>{left.label}</Table.Td><Table.Td className="breaks" colSpan={2}>{left.value}</Table.Td></Table.Tr>)}</Table.Tbody></Table>
        </section>
      )}
      <p className="muted small">The lead becomes “{plan.convertedStatus || 'Converted'}”{owner && <>; {owner} owns what is made</>}{plan.followUpTask && <>; task: {plan.followUpTask.subject}{plan.followUpTask.dueOn && `, due ${day(plan.followUpTask.dueOn)}`}</>}. Activities, notes, files and campaign memberships come along.</p>
      {(plan.notAsked ?? []).length > 0 && <p className={classes.wrong}>Not known at the moment: {plan.notAsked!.join(', ')} does not answer. The conversion would check it first.</p>}
    </div>
  );
}

function fieldName(field: string) {
  const [first, second] = field.split('.');
  return second ? `${labelOf(first!).replace(/ address/i, '')} ${labelOf(second).toLowerCase()}` : labelOf(first!);
}

function value(field: Origin) {
  if (!field.value) return null;
  if (/^\d{4}-\d\d-\d\d$/.test(field.value)) return day(field.value);
  if (/^(annualRevenue|amount)$/.test(field.field)) return money(Number(field.value));
  return field.value === 'true' ? 'Yes' : field.value === 'false' ? 'No' : field.value;
}

function from(field: Origin) {
  if (field.outcome === 'kept') return 'stays as it is';
  if (field.outcome === 'overwritten') return `replaced by the lead’s ${labelOf((field.from || '').replace('lead.', '')).toLowerCase()}`;
  if (field.from === 'default') return 'default';
  if (field.from === 'request') return 'as you said';
  return field.from?.startsWith('lead.') ? `lead: ${labelOf(field.from.slice(5)).toLowerCase()}` : '';
}
