import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { usePage } from '@/app/page';
import { pickListsQuery, type ListName, type PickListValue } from '@/features/leads/pickLists';
import { FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { addValue, changeValue, inputOf, listNames, pickListsChanged, readPickLists, singular, type ValueEdit } from './queries';

const empty: ValueEdit = { name: '', isDefault: false, isActive: true };
const labels = { name: 'Name', isDefault: 'New leads take it', isActive: 'Offered' };

/** A value of a pick-list, new or not. */
export function ValuePage() {
  const { list = 'source', id } = useParams() as { list?: ListName; id?: string };
  const lists = useQuery(pickListsQuery);
  const value = lists.data?.find((one) => one.list === list)?.values.find((one) => one.id === id);
  usePage(id ? value?.name ?? 'Value' : `New ${singular[list]}`, setup, { label: listNames[list], to: `/setup/pick-lists/${list}` });
  return <Loaded query={lists} what="The value">{() => id && !value ? <Empty>There is no such value.</Empty> : <Whole key={id ?? 'new'} list={list} value={value ?? null} />}</Loaded>;
}

function Whole({ list, value }: { list: ListName; value: PickListValue | null }) {
  const navigate = useNavigate();
  const form = useForm<ValueEdit, PickListValue>({
    draft: value ? `setup:pick-list-value:${value.id}` : `setup:new-${list}`, record: value ? inputOf(value) : empty, version: value?.version ?? null,
    check: (typed): Record<string, string[]> => typed.name.trim() ? {} : { name: ['Enter a name.'] },
    read: value ? async () => { const fresh = (await readPickLists()).find((one) => one.list === list)!.values.find((one) => one.id === value.id)!; return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (typed, _change, version, key) => value ? changeValue(list, value.id, version, typed) : addValue(list, typed, key),
    saved: (saved) => {
      void pickListsChanged();
      tell(value && value.name !== saved.name ? `${value.name} is ${saved.name} now, and leads that have it are getting the new name.` : `${saved.name} is saved.`);
      void navigate(`/setup/pick-lists/${list}`);
    },
  });
  return (
    <FormPage form={form} title={value?.name ?? `New ${singular[list]}`} saveLabel="Save" cancelTo={`/setup/pick-lists/${list}`} labels={labels}>
      <Part title="Value">
        <TextInput label="Name" description={value ? 'Leads that have it follow. Files, forms and programs that still say the old name mean this one.' : undefined} maw={420} {...form.text('name')} />
        <Checkbox label="New leads take it when they come without one" {...form.flag('isDefault')} />
        <Checkbox label="Offered" description="Otherwise nobody chooses it any more; leads that have it keep it" {...form.flag('isActive')} />
      </Part>
    </FormPage>
  );
}
