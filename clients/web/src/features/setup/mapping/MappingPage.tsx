import { ActionIcon, Button, Checkbox, NumberInput, Select, Table, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { usePage } from '@/app/page';
import { FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { isoToday } from '@/shared/time';
import { Tag } from '@/shared/Tag';
import { Loaded, setup } from '../SetupPage';
import classes from './MappingPage.module.css';

type Mapping = components['schemas']['SetUpMappingAnswer'];
interface Settings { sourceToAccount: boolean; leadWithoutCompany: Mapping['leadWithoutCompany']; rules: Mapping['rules']; rates: Mapping['rates'] }

const settingsOf = ({ sourceToAccount, leadWithoutCompany, rules, rates }: Mapping): Settings => ({ sourceToAccount, leadWithoutCompany, rules, rates });
const readMapping = () => body(api.leads.GET('/api/leads/conversion-mapping'));
const records: Record<string, string> = { account: 'Account', contact: 'Contact', opportunity: 'Opportunity' };
const key = ['leads', 'conversion-mapping'];

/** Which field of a lead feeds which field of what it is converted into. */
export function MappingPage() {
  usePage('Conversion mapping', setup);
  const mapping = useQuery({ queryKey: key, queryFn: readMapping });
  return <Loaded query={mapping} what="The mapping">{(data) => <Whole mapping={data} />}</Loaded>;
}

function Whole({ mapping }: { mapping: Mapping }) {
  const form = useForm<Settings, Mapping>({
    draft: 'setup:mapping', record: settingsOf(mapping), version: mapping.version,
    read: async () => { const fresh = await readMapping(); return { record: settingsOf(fresh), version: fresh.version }; },
    save: (value, _change, version) => body(api.leads.PUT('/api/leads/conversion-mapping', { params: { header: { 'If-Match': ifMatch(version) } }, body: value })),
    saved: (now) => { queries.setQueryData(key, now); tell('The mapping is saved. Conversions from now on follow it.'); },
  });
  const { rules, rates } = form.value;
  const labelOf = (record: string, name: string) => (record === 'lead' ? mapping.leadFields : mapping.recordFields.filter((field) => field.record === record)).find((field) => field.name === name)?.label ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase());
  const put = (at: number, change: Partial<Mapping['rules'][number]>) => form.put({ rules: rules.map((rule, i) => i === at ? { ...rule, ...change } : rule) });
  const rate = (at: number, change: Partial<Mapping['rates'][number]>) => form.put({ rates: rates.map((one, i) => i === at ? { ...one, ...change } : one) });

  return (
    <FormPage form={form} title="Conversion mapping" subtitle="What becomes of a lead’s fields when it is converted. Fields without a line stay with the lead; the preview of a conversion names them." saveLabel="Save mapping" labels={{ rules: 'Lines of your own', rates: 'Exchange rates', sourceToAccount: 'The source also to the account', leadWithoutCompany: 'A lead without a company' }}
      show={(field, value) => field === 'rules' ? (value as Mapping['rules']).map((rule) => `${rule.leadField} → ${rule.record} ${rule.field}`).join(', ') || 'none' : field === 'rates' ? (value as Mapping['rates']).map((one) => `${one.from} → ${one.to} ${one.rate}`).join(', ') || 'none' : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value)}
      below={<Part title="History"><History cacheKey={[...key, 'history', mapping.version]} sections={[]} page={(after) => body(api.leads.GET('/api/leads/conversion-mapping/history', { params: { query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>}>
      <Part title="Switches">
        <Checkbox label="The lead’s source also becomes the account’s" {...form.flag('sourceToAccount')} />
        <Select label="A lead without a company" maw={400} allowDeselect={false} data={[{ value: 'nameAccountAfterPerson', label: 'Account named after the person' }, { value: 'refuse', label: 'Not converted until one is entered' }]} {...form.choice('leadWithoutCompany')} />
      </Part>
      <Part title="Lines of your own" what="Beside the standard ones: a field of the lead, and the field that it feeds. Types have to go together, and a field has one source.">
        {rules.length > 0 && (
          <ul className={classes.lines} aria-label="Lines of your own">
            {rules.map((rule, i) => {
              const wrong = [form.error(`rules[${i}]`), form.error(`rules[${i}].leadField`), form.error(`rules[${i}].record`), form.error(`rules[${i}].field`)].filter(Boolean).join(' ');
              return (
                <li key={i}>
                  <Select aria-label={`Field of the lead, line ${i + 1}`} placeholder="Field of the lead" searchable data={mapping.leadFields.map((field) => ({ value: field.name, label: field.label }))} value={rule.leadField || null} onChange={(leadField) => put(i, { leadField: leadField ?? '' })} />
                  <span aria-hidden>→</span>
                  <Select aria-label={`Feeds, line ${i + 1}`} placeholder="Feeds" searchable data={Object.entries(records).map(([record, group]) => ({ group, items: mapping.recordFields.filter((field) => field.record === record).map((field) => ({ value: `${record}.${field.name}`, label: field.label })) }))} value={rule.field ? `${rule.record}.${rule.field}` : null}
                    onChange={(next) => { const [record = '', ...field] = (next ?? '').split('.'); put(i, { record, field: field.join('.') }); }} />
                  <ActionIcon variant="subtle" color="gray" aria-label={`Remove line ${i + 1}`} onClick={() => form.put({ rules: rules.filter((_, at) => at !== i) })}><IconX size={14} /></ActionIcon>
                  {wrong && <p className={classes.wrong} role="alert">{wrong}</p>}
                </li>
              );
            })}
          </ul>
        )}
        <div><Button variant="default" onClick={() => form.put({ rules: [...rules, { leadField: '', record: 'account', field: '' }] })}>Add a line</Button></div>
      </Part>
      <Part title="Exchange rates" what="What amounts are converted at when lead and record have different currencies. Both amounts are kept.">
        {rates.length > 0 && (
          <ul className={classes.rates} aria-label="Exchange rates">
            {rates.map((one, i) => {
              const wrong = [form.error(`rates[${i}]`), form.error(`rates[${i}].from`), form.error(`rates[${i}].to`), form.error(`rates[${i}].rate`), form.error(`rates[${i}].asOf`)].filter(Boolean).join(' ');
              return (
                <li key={i}>
                  <TextInput aria-label={`From, rate ${i + 1}`} placeholder="From" maxLength={3} value={one.from} onChange={(event) => rate(i, { from: event.currentTarget.value.toUpperCase() })} />
                  <TextInput aria-label={`To, rate ${i + 1}`} placeholder="To" maxLength={3} value={one.to} onChange={(event) => rate(i, { to: event.currentTarget.value.toUpperCase() })} />
                  <NumberInput aria-label={`Rate ${i + 1}`} placeholder="Rate" hideControls decimalScale={10} value={one.rate || ''} onChange={(next) => rate(i, { rate: Number(next) || 0 })} />
                  <TextInput type="date" aria-label={`Of the day, rate ${i + 1}`} value={one.asOf} onChange={(event) => rate(i, { asOf: event.currentTarget.value })} />
                  <ActionIcon variant="subtle" color="gray" aria-label={`Remove rate ${i + 1}`} onClick={() => form.put({ rates: rates.filter((_, at) => at !== i) })}><IconX size={14} /></ActionIcon>
                  {wrong && <p className={classes.wrong} role="alert">{wrong}</p>}
                </li>
              );
            })}
          </ul>
        )}
        <div><Button variant="default" onClick={() => form.put({ rates: [...rates, { from: '', to: '', rate: 0, asOf: isoToday() }] })}>Add a rate</Button></div>
      </Part>
      <Part title="Standard lines" what="They come with LeadCrm; a switch above turns some of them off.">
        <Table className={classes.table} aria-label="Standard lines">
          <Table.Thead><Table.Tr><Table.Th>Field of the lead</Table.Th><Table.Th>Becomes</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{mapping.standard.map((line) => <Table.Tr key={`${line.leadField}-${line.record}-${line.field}`}><Table.Td>{labelOf('lead', line.leadField)}</Table.Td><Table.Td>{records[line.record] ?? line.record}: {labelOf(line.record, line.field)} {!line.isOn && <Tag>Switched off</Tag>}</Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>
      </Part>
    </FormPage>
  );
}
