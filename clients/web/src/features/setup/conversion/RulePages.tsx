import { Button, Checkbox, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, body, ifMatch, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { usePage } from '@/app/page';
import { statusesQuery } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { useUserName } from '@/features/users/queries';
import { UserField } from '@/shared/custom/UserField';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { Loaded, setup, SetupPage } from '../SetupPage';

type Rule = components['schemas']['SetUpAutoConversionsAnswer'];
type Details = components['schemas']['AutoConversionRuleDetails'];
type Action = NonNullable<NonNullable<Details['onDuplicate']>['action']>;

/** The rule as the form has it; what each lead gets is the request of a conversion, of which the form knows the opportunity. */
interface Input { name: string; isActive: boolean; minScore: number | null; grades: string[]; statusIds: string[]; actingUserId: string; withOpportunity: boolean; defaults: Record<string, unknown> | null; onDuplicate: { action: Action; minScore: number; otherwise: Action } }

const grades = ['A+', 'A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D+', 'D', 'D-', 'F'];
const base = '/api/leads/auto-conversion-rules';
const rulesQuery = { queryKey: ['auto-conversion'], queryFn: () => body(api.leads.GET(base)) };
const again = () => queries.invalidateQueries({ queryKey: rulesQuery.queryKey });
const makesNone = (defaults: unknown) => ((defaults as { opportunity?: { mode?: string } } | null)?.opportunity?.mode ?? 'create') === 'none';

function inputOf({ rule }: Rule): Input {
  return {
    name: rule.name, isActive: rule.isActive ?? true, minScore: rule.minScore ?? null, grades: (rule.grades as string[] | null | undefined) ?? [], statusIds: rule.statusIds ?? [], actingUserId: rule.actingUserId, withOpportunity: !makesNone(rule.defaults),
    defaults: (rule.defaults as Record<string, unknown> | null | undefined) ?? null, onDuplicate: { action: rule.onDuplicate?.action ?? 'skip', minScore: rule.onDuplicate?.minScore ?? 90, otherwise: rule.onDuplicate?.otherwise ?? 'skip' },
  };
}

function detailsOf({ withOpportunity, ...rule }: Input): Details {
  const defaults = { ...rule.defaults };
  if (!withOpportunity) defaults.opportunity = { mode: 'none' };
  else if (makesNone(defaults)) delete defaults.opportunity;
  return { ...rule, defaults: Object.keys(defaults).length > 0 ? defaults : null };
}

export function RuleList() {
  const rules = useQuery(rulesQuery);
  const statuses = useQuery(statusesQuery);
  const create = <Button component={Link} to="/setup/auto-conversion/new">New rule</Button>;
  const words = ({ rule }: Rule) => [rule.minScore !== null && rule.minScore !== undefined && `score at least ${rule.minScore}`, !!rule.grades?.length && `grade ${(rule.grades as string[]).join(' or ')}`, !!rule.statusIds?.length && `status ${rule.statusIds.map((id) => statuses.data?.find((one) => one.id === id)?.name ?? '…').join(' or ')}`].filter(Boolean).join(', and ');
  return (
    <SetupPage title="Automatic conversion" what="A lead that fulfils a rule is converted without anybody asking, as the user that the rule names. What could not be converted is tried again when the lead has changed." actions={create}>
      <Loaded query={rules} what="The rules">
        {(all) => all.length === 0 ? <Empty action={create}>Leads are converted by people only. A rule can do it for the clear cases.</Empty>
          : <Rows label="Rules of automatic conversion" rows={all.map((one) => ({ key: one.id, to: `/setup/auto-conversion/${one.id}`, title: one.rule.name, isOff: !one.rule.isActive, badges: one.rule.isActive ? <Tag tone="good">On</Tag> : <Tag>Off</Tag>, subtitle: words(one), aside: <Acting id={one.rule.actingUserId} /> }))} />}
      </Loaded>
    </SetupPage>
  );
}

const Acting = ({ id }: { id: string }) => <>as {useUserName(id) ?? 'somebody'}</>;

/** A rule, new or not. */
export function RulePage() {
  const { id } = useParams();
  const rules = useQuery(rulesQuery);
  const rule = rules.data?.find((one) => one.id === id);
  usePage(id ? rule?.rule.name ?? 'Rule' : 'New rule', setup, { label: 'Automatic conversion', to: '/setup/auto-conversion' });
  return <Loaded query={rules} what="The rule">{() => id && !rule ? <Empty>There is no such rule. Somebody may have deleted it.</Empty> : <Whole key={id ?? 'new'} rule={rule ?? null} />}</Loaded>;
}

function Whole({ rule }: { rule: Rule | null }) {
  const navigate = useNavigate();
  const me = useMe();
  const statuses = useQuery(statusesQuery);
  const [empty] = useState<Input>(() => ({ name: '', isActive: false, minScore: 90, grades: [], statusIds: [], actingUserId: me.id, withOpportunity: true, defaults: null, onDuplicate: { action: 'skip', minScore: 90, otherwise: 'skip' } }));
  const form = useForm<Input, Rule>({
    draft: rule ? `setup:rule:${rule.id}` : 'setup:new-rule', record: rule ? inputOf(rule) : empty, version: rule?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['Enter a name.'] },
    read: rule ? async () => { const fresh = await body(api.leads.GET(`${base}/{id}`, { params: { path: { id: rule.id } } })); return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, _change, version, key) => rule ? body(api.leads.PUT(`${base}/{id}`, { params: { path: { id: rule.id }, header: { 'If-Match': ifMatch(version) } }, body: detailsOf(value) })) : body(api.leads.POST(base, { params: { header: { 'Idempotency-Key': key } }, body: detailsOf(value) })),
    saved: (saved) => { void again(); tell(saved.rule.isActive ? `${saved.rule.name} converts from now on.` : `${saved.rule.name} is saved and off.`); if (!rule) void navigate('/setup/auto-conversion'); },
  });
  const { onDuplicate } = form.value;

  async function drop() {
    try {
      await api.leads.DELETE(`${base}/{id}`, { params: { path: { id: rule!.id }, header: { 'If-Match': ifMatch(rule!.version) } } });
      await again();
      tell(`${rule!.rule.name} is deleted. What it has converted stays.`, { label: 'Undo', run: () => void body(api.leads.POST(base, { params: { header: { 'Idempotency-Key': newKey() } }, body: rule!.rule })).then(again, (error) => tellFailure(Problem.of(error).message)) });
      void navigate('/setup/auto-conversion');
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  return (
    <FormPage form={form} title={rule?.rule.name ?? 'New rule'} saveLabel="Save rule" cancelTo="/setup/auto-conversion" labels={{ name: 'Name', isActive: 'On', minScore: 'Least score', grades: 'Grades', statusIds: 'Statuses', actingUserId: 'Converts as', onDuplicate: 'Duplicates' }} actions={rule && <Button variant="default" onClick={() => void drop()}>Delete</Button>}>
      <Part title="Rule">
        <TextInput label="Name" maw={400} {...form.text('name')} />
        <Checkbox label="On" description="It looks at all leads at once when it is switched on" {...form.flag('isActive')} />
      </Part>
      <Part title="When" what="All of what is given must hold; at least one must be given.">
        <Fields>
          <NumberInput label="Score at least" min={0} max={100} {...form.number('minScore')} />
          <MultiSelect label="Grade" placeholder={form.value.grades.length ? undefined : 'Any'} data={grades} {...form.many('grades')} />
          <MultiSelect label="Status" placeholder={form.value.statusIds.length ? undefined : 'Any'} data={statuses.data?.filter((status) => !status.isConverted && status.isActive).map((status) => ({ value: status.id, label: status.name })) ?? []} {...form.many('statusIds')} />
        </Fields>
      </Part>
      <Part title="What happens">
        <Fields>
          <UserField label="Converts as" description="With this person’s rights, and by this name in the history" value={form.value.actingUserId || null} onChange={(id) => form.put({ actingUserId: id ?? '' })} error={form.error('actingUserId')} />
          <Select label="When records look the same" allowDeselect={false} data={[{ value: 'skip', label: 'Leave the lead alone' }, { value: 'createAnyway', label: 'Make new records all the same' }, { value: 'useExisting', label: 'Use the one that is there' }]} value={onDuplicate.action} onChange={(action) => form.put({ onDuplicate: { ...onDuplicate, action: action as Action } })} />
          {onDuplicate.action === 'useExisting' && <NumberInput label="Sure enough from a score of" min={50} max={100} hideControls value={onDuplicate.minScore} onChange={(next) => form.put({ onDuplicate: { ...onDuplicate, minScore: Number(next) || 0 } })} error={form.error('onDuplicate.minScore')} />}
          {onDuplicate.action === 'useExisting' && <Select label="Otherwise" allowDeselect={false} data={[{ value: 'skip', label: 'Leave the lead alone' }, { value: 'createAnyway', label: 'Make new records all the same' }]} value={onDuplicate.otherwise} onChange={(otherwise) => form.put({ onDuplicate: { ...onDuplicate, otherwise: otherwise as Action } })} />}
        </Fields>
        <Checkbox label="Begin an opportunity, too" {...form.flag('withOpportunity')} />
      </Part>
    </FormPage>
  );
}
