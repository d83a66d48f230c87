import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { customFieldChanged, customFieldsQuery, kinds, undeleteField, type Kind } from '@/shared/custom/queries';
import { Part } from '@/shared/form/FormPage';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { day } from '@/shared/time';
import { Loaded, SetupPage } from '../SetupPage';
import { typeNames } from './types';

const keptFor = 30 * 86_400_000;

/** The custom fields of a kind of record, and those that were deleted and can be brought back. */
export function FieldList() {
  const kind = (useParams().kind ?? 'leads') as Kind;
  const navigate = useNavigate();
  const fields = useQuery(customFieldsQuery(kind));
  const deleted = useQuery(customFieldsQuery(kind, true));
  const create = <Button component={Link} to={`/setup/custom-fields/${kind}/new`}>New field</Button>;
  const restore = useMutation({
    mutationFn: (id: string) => undeleteField(kind, id, newKey()),
    onSuccess: (field) => { customFieldChanged(kind, field); tell(`${field.label} is back, with its values.`); },
    onError: (error) => tellFailure(Problem.of(error).message),
  });

  return (
    <SetupPage title="Custom fields" what="Fields of your own. They are there at once: in forms, on pages, as filters and columns of lists, in files and over the API." actions={create}>
      <SegmentedControl size="xs" styles={{ label: { paddingInline: 8 } }} aria-label="Kind of record" data={Object.entries(kinds).map(([value, label]) => ({ value, label }))} value={kind} onChange={(next) => void navigate(`/setup/custom-fields/${next}`)} style={{ alignSelf: 'flex-start', maxWidth: '100%' }} />
      <Loaded query={fields} what="The custom fields">
        {(all) => all.length === 0 ? <Empty action={create}>{`What your ${kinds[kind].toLowerCase()} have beside the fields that come with LeadCrm is defined here.`}</Empty> : (
          <Rows label={`Custom fields of ${kinds[kind].toLowerCase()}`} rows={all.map((field) => ({
            key: field.id, to: `/setup/custom-fields/${kind}/${field.id}`, title: field.label ?? field.key, subtitle: [typeNames[field.type!], field.isRequired && 'required', field.isUnique && 'unique', field.help].filter(Boolean).join(' · '), aside: `custom.${field.key}`,
          }))} />
        )}
      </Loaded>
      {!!deleted.data?.length && (
        <Part title="Deleted" what="Their values are kept for 30 days.">
          <Rows label="Deleted fields" rows={deleted.data.map((field) => ({
            key: field.id, title: field.label ?? field.key, isOff: true, subtitle: <>{typeNames[field.type!]}{field.deletedAt && ` · until ${day(new Date(Date.parse(field.deletedAt) + keptFor).toISOString().slice(0, 10))}`}</>,
            actions: <Button variant="default" loading={restore.isPending && restore.variables === field.id} onClick={() => restore.mutate(field.id)} aria-label={`Bring back ${field.label}`}>Bring back</Button>,
          }))} />
        </Part>
      )}
    </SetupPage>
  );
}
