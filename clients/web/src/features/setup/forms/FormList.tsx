import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Problem } from '@/api/problem';
import { Part } from '@/shared/form/FormPage';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Tag } from '@/shared/Tag';
import { day, isoToday } from '@/shared/time';
import { When } from '@/shared/When';
import { Loaded, SetupPage } from '../SetupPage';
import { formsChanged, formsQuery, restoreForm } from './queries';

/** The web forms, and those in the recycle bin. */
export function FormList() {
  const forms = useQuery(formsQuery());
  const deleted = useQuery(formsQuery(true));
  const create = <Button component={Link} to="/setup/forms/new">New form</Button>;
  const restore = useMutation({ mutationFn: restoreForm, onSuccess: (form) => { void formsChanged(); tell(`${form.name} takes submissions again.`); }, onError: (error) => tellFailure(Problem.of(error).message) });
  return (
    <SetupPage title="Web forms" what="A form on your site, or a page of ours, whose submissions become leads. It takes them also while the rest of LeadCrm is away." actions={create}>
      <Loaded query={forms} what="The forms">
        {(all) => all.length === 0 ? <Empty action={create}>People who write to you from your site become leads by a form. There is none yet.</Empty> : (
          <Rows label="Web forms" rows={all.map((form) => ({
            key: form.id, to: `/setup/forms/${form.id}`, title: form.name, badges: <State form={form} />, isOff: !form.isActive, subtitle: [form.title !== form.name && form.title, form.source && `source ${form.source}`].filter(Boolean).join(' · '), aside: <>changed <When at={form.updatedAt} /></>,
          }))} />
        )}
      </Loaded>
      {!!deleted.data?.length && (
        <Part title="Recycle bin">
          <Rows label="Deleted forms" rows={deleted.data.map((form) => ({ key: form.id, title: form.name, isOff: true, subtitle: <>deleted <When at={form.deletedAt} /></>, actions: <Button variant="default" aria-label={`Bring back ${form.name}`} loading={restore.isPending && restore.variables === form.id} onClick={() => restore.mutate(form.id)}>Bring back</Button> }))} />
        </Part>
      )}
    </SetupPage>
  );
}

/** Whether it takes anything in today. */
export function State({ form }: { form: { isActive: boolean; activeFrom?: string | null; activeUntil?: string | null } }) {
  const today = isoToday();
  if (!form.isActive) return <Tag>Closed</Tag>;
  if (form.activeFrom && form.activeFrom > today) return <Tag tone="information">Opens {day(form.activeFrom)}</Tag>;
  return form.activeUntil && form.activeUntil < today ? <Tag>Over since {day(form.activeUntil)}</Tag> : <Tag tone="good">Open</Tag>;
}
