import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { CustomInput } from '@/shared/custom/CustomInput';
import { changeField, createField, customFieldChanged, customFieldsQuery, deleteField, fieldHistory, kinds, readField, undeleteField, type CustomField, type CustomFieldInput, type CustomType, type Kind } from '@/shared/custom/queries';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell, tellFailure } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { Options, type Option } from './Options';
import { hints, mayBeIndexed, mayBeUnique, settingsOf, typeNames } from './types';

/** The definition as the form has it: nothing is undefined, so that two of them can be compared. */
interface Definition {
  key: string; label: string; type: CustomType | null; help: string; isRequired: boolean; isUnique: boolean; isIndexed: boolean; defaultValue: unknown; sort: number; minLength: number | null; maxLength: number | null; decimals: number | null;
  min: number | null; max: number | null; earliest: string | null; latest: string | null; options: Option[] | null; isRestricted: boolean | null; lookupTarget: string | null; numberFormat: string | null; startsAt: number | null; country: string | null;
}

const empty: Definition = {
  key: '', label: '', type: null, help: '', isRequired: false, isUnique: false, isIndexed: false, defaultValue: null, sort: 0, minLength: null, maxLength: null, decimals: null, min: null, max: null, earliest: null, latest: null,
  options: null, isRestricted: null, lookupTarget: null, numberFormat: null, startsAt: null, country: null,
};

const definitionOf = (field: CustomField): Definition => Object.fromEntries(Object.entries(empty).map(([name, none]) => [name, (field as unknown as Record<string, unknown>)[name] ?? none])) as unknown as Definition;

const labels: Record<string, string> = { label: 'Label', type: 'Type', help: 'Help', isRequired: 'Required', isUnique: 'Unique', isIndexed: 'Index', defaultValue: 'Default', sort: 'Place', options: 'Options', min: 'Smallest', max: 'Largest' };

/** A custom field, new or not: what it is called, what it holds, and the rules of its values. */
export function FieldPage() {
  const { kind: named = 'leads', id } = useParams();
  const kind = named as Kind;
  const fields = useQuery(customFieldsQuery(kind));
  const field = fields.data?.find((one) => one.id === id);
  usePage(id ? field?.label ?? 'Field' : 'New field', setup, { label: 'Custom fields', to: `/setup/custom-fields/${kind}` });
  return <Loaded query={fields} what="The custom field">{() => id && !field ? <Empty>There is no such field. Somebody may have deleted it; the list shows how to bring it back.</Empty> : <Whole key={id ?? 'new'} kind={kind} field={field ?? null} />}</Loaded>;
}

function Whole({ kind, field }: { kind: Kind; field: CustomField | null }) {
  const navigate = useNavigate();
  const form = useForm<Definition, CustomField>({
    draft: field ? `setup:field:${field.id}` : `setup:new-field:${kind}`, record: field ? definitionOf(field) : empty, version: field?.version ?? null,
    check: (value): Record<string, string[]> => ({ ...(value.label.trim() ? {} : { label: ['Enter what people read.'] }), ...(value.type ? {} : { type: ['Say what the field holds.'] }) }),
    read: field ? async () => { const fresh = await readField(kind, field.id); return { record: definitionOf(fresh), version: fresh.version }; } : undefined,
    save: (value, change, version, key) => field ? changeField(kind, field.id, version, change as Partial<CustomFieldInput>) : createField(kind, Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== '')) as CustomFieldInput & { key?: string }, key),
    saved: (saved) => { customFieldChanged(kind, saved); tell(`${saved.label} is saved. It is there at once.`); if (!field) void navigate(`/setup/custom-fields/${kind}`); },
  });
  const { value } = form;
  const has = (setting: string) => !!value.type && settingsOf[value.type].includes(setting);

  // What the new type does not know goes with the old one.
  function retype(type: string | null) {
    const kept = type ? settingsOf[type as CustomType] : [];
    const dropped = Object.fromEntries(Object.values(settingsOf).flat().filter((name) => !kept.includes(name)).map((name) => [name, null]));
    form.put({ ...dropped, type: type as CustomType, defaultValue: null, ...(type && !mayBeUnique.includes(type as CustomType) ? { isUnique: false } : {}), ...(type && !mayBeIndexed.includes(type as CustomType) ? { isIndexed: false } : {}), ...(type === 'autoNumber' ? { isRequired: false } : {}), ...(kept.includes('options') && !value.options ? { options: [{ value: '' }] } : {}) });
  }

  async function drop() {
    try {
      await deleteField(kind, field!);
      customFieldChanged(kind, { ...field!, deletedAt: new Date().toISOString() }, true);
      tell(`${field!.label} is gone from forms, lists and files. Its values are kept for 30 days.`, { label: 'Undo', run: () => void undeleteField(kind, field!.id, newKey()).then((back) => customFieldChanged(kind, back), (error) => tellFailure(Problem.of(error).message)) });
      void navigate(`/setup/custom-fields/${kind}`);
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const targets = { leads: ['lead', 'account', 'opportunity'], accounts: ['account', 'contact'], contacts: ['account', 'contact'], opportunities: ['opportunity', 'account', 'contact'] }[kind];
  return (
    <FormPage form={form} title={field?.label ?? `New field of ${kinds[kind].toLowerCase()}`} subtitle={field && <>custom.{field.key}: the name in the API and in files, which never changes</>} saveLabel="Save field" cancelTo={`/setup/custom-fields/${kind}`} labels={labels}
      actions={field && <Button variant="default" onClick={() => void drop()}>Delete</Button>}
      below={field && <Part title="History"><History cacheKey={['custom-fields', 'history', field.id, field.version]} sections={[]} page={(after) => fieldHistory(kind, field.id, after)} /></Part>}>
      <Part title="Field">
        <Fields>
          <TextInput label="Label" description="What people read" {...form.text('label')} />
          <Select label="Type" description={value.type ? hints[value.type] ?? 'What it holds' : 'What it holds'} searchable allowDeselect={false} data={Object.entries(typeNames).map(([type, label]) => ({ value: type, label }))} {...form.choice('type')} onChange={retype} />
          {!field && <TextInput label="Key" description="Name in the API and in files; made from the label when left empty" {...form.text('key')} />}
          <NumberInput label="Place" description="Fields stand in this order" {...form.number('sort')} onChange={(next) => form.put({ sort: Number(next) || 0 })} />
        </Fields>
        <Textarea label="Help" description="What helps people to fill it" autosize minRows={2} {...form.text('help')} />
      </Part>
      {value.type && (
        <Part title="Values">
          {has('options') && <Options value={value.options ?? []} stored={(field?.options ?? []).map((option) => option.value)} onChange={(options) => form.put({ options })} error={form.error} />}
          {has('isRestricted') && <Checkbox label="Other texts, too" description="People may write something that is not among the options" checked={value.isRestricted === false} onChange={(event) => form.put({ isRestricted: !event.currentTarget.checked })} />}
          <Fields>
            {has('minLength') && <NumberInput label="At least so many characters" min={0} {...form.number('minLength')} />}
            {has('maxLength') && <NumberInput label="At most so many characters" min={1} {...form.number('maxLength')} />}
            {has('decimals') && <NumberInput label="Decimal places" description="At most" min={0} max={8} {...form.number('decimals')} />}
            {has('min') && <NumberInput label="Smallest" {...form.number('min')} />}
            {has('max') && <NumberInput label="Largest" {...form.number('max')} />}
            {has('earliest') && <TextInput type="date" label="First day" {...form.text('earliest')} onChange={(event) => form.put({ earliest: event.currentTarget.value || null })} />}
            {has('latest') && <TextInput type="date" label="Last day" {...form.text('latest')} onChange={(event) => form.put({ latest: event.currentTarget.value || null })} />}
            {has('country') && <TextInput label="Country" description="Whose numbers are written without the international prefix" {...form.text('country')} onChange={(event) => form.put({ country: event.currentTarget.value || null })} />}
            {has('numberFormat') && <TextInput label="Written as" description="Zeros in braces are the number: INV-{0000}" {...form.text('numberFormat')} onChange={(event) => form.put({ numberFormat: event.currentTarget.value || null })} />}
            {has('startsAt') && <NumberInput label="The first one" min={0} readOnly={!!field} {...form.number('startsAt')} />}
            {has('lookupTarget') && <Select label="Points to" allowDeselect={false} readOnly={field?.type === 'lookup'} data={[...targets.map((target) => ({ value: target, label: `A${/^[aeo]/.test(target) ? 'n' : ''} ${target}` })), { value: 'user', label: 'A user' }]} {...form.choice('lookupTarget')} />}
            {!['autoNumber', 'lookup'].includes(value.type) && !value.isUnique && <CustomInput field={{ ...(field ?? { id: 'new', version: 0, recordType: '', key: '', isSortable: false, createdAt: '' }), ...value } as CustomField} label="Default" description="What new records get when nothing is said" value={value.defaultValue} onChange={(defaultValue) => form.put({ defaultValue })} error={form.error('defaultValue')} />}
          </Fields>
          {value.type !== 'autoNumber' && <Checkbox label="Required" description="Nobody saves a record without it; records from before are asked for it when somebody next edits them" {...form.flag('isRequired')} />}
          {mayBeUnique.includes(value.type) && <Checkbox label="Unique" description="No two records have the same value" {...form.flag('isUnique')} onChange={(event) => form.put({ isUnique: event.currentTarget.checked, ...(event.currentTarget.checked ? { defaultValue: null } : {}) })} />}
          {mayBeIndexed.includes(value.type) && <Checkbox label="Index for ranges and order" description="Makes “at least”, “before” and sorting fast in very long lists; for up to 25 fields" {...form.flag('isIndexed')} />}
        </Part>
      )}
    </FormPage>
  );
}
