import { Button, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import form_ from '@/shared/form/FormPage.module.css';
import { useForm } from '@/shared/form/useForm';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Loaded, setup } from '../SetupPage';
import { teamsQuery, type Team } from '../teams/queries';
import { changeOrganisation, createSharingRule, deleteSharingRule, keepOrganisation, objectNames, organisationQuery, readOrganisation, settingsOf, sharingRulesQuery, type Organisation, type SharingRule } from './queries';

const levels = [{ value: 'private', label: 'Nothing (private)' }, { value: 'read', label: 'See them' }, { value: 'readWrite', label: 'See and change them' }, { value: 'readWriteTransfer', label: 'See, change and hand them on' }];

/** What everybody may do with everybody's records, and what teams share with each other beyond that. */
export function SharingPage() {
  usePage('Sharing', setup);
  const organisation = useQuery(organisationQuery);
  return <Loaded query={organisation} what="The sharing defaults">{(data) => <Defaults organisation={data} />}</Loaded>;
}

function Defaults({ organisation }: { organisation: Organisation }) {
  const read = async () => { const fresh = await readOrganisation(); keepOrganisation(fresh); return { record: settingsOf(fresh).sharing, version: fresh.version }; };
  const form = useForm<Record<string, string>, Organisation>({
    draft: 'setup:sharing', record: settingsOf(organisation).sharing, version: organisation.version, read,
    // The other settings go along as they are now: they are one thing to the service.
    save: async (value, _change, version) => changeOrganisation(version, { ...settingsOf(queries.getQueryData(organisationQuery.queryKey) ?? organisation), sharing: value }),
    saved: (now) => { keepOrganisation(now); tell('The defaults are saved. They hold within a minute.'); },
  });
  return (
    <FormPage form={form} title="Sharing" subtitle="Owners, their managers and the members of a queue always see a record. Here you say what everybody else may do with it, and what teams share beyond that." saveLabel="Save defaults" labels={objectNames} show={(_, value) => levels.find((one) => one.value === value)?.label ?? String(value)} below={<SharingRules />}>
      <Part title="Everybody, with everybody’s records">
        <Fields>{Object.keys(form.value).map((type) => <Select key={type} label={objectNames[type] ?? type} allowDeselect={false} data={levels} {...form.choice(type)} error={form.error(`sharing.${type}`)} />)}</Fields>
      </Part>
    </FormPage>
  );
}

function SharingRules() {
  const rules = useQuery(sharingRulesQuery);
  const teams = useQuery(teamsQuery);
  const again = () => queries.invalidateQueries({ queryKey: sharingRulesQuery.queryKey });
  const nameOf = (id: string) => teams.data?.find((team) => team.id === id)?.name ?? 'a team';
  const create = (rule: Omit<SharingRule, 'id' | 'version'>) => createSharingRule({ recordType: rule.recordType, ownedByTeamId: rule.ownedByTeamId, sharedWithTeamId: rule.sharedWithTeamId, access: rule.access }, newKey()).then(again);
  const drop = useMutation({
    mutationFn: deleteSharingRule,
    onSuccess: (_, rule) => { void again(); tell('It is shared no more.', { label: 'Undo', run: () => void create(rule).catch((error) => tellFailure(Problem.of(error).message)) }); },
    onError: (error) => tellFailure(Problem.of(error).message),
  });
  return (
    <Part title="What teams share" what="With all of a team, the teams below it included.">
      <Loaded query={rules} what="The sharing rules">
        {(all) => all.length === 0 ? <p className="muted">No team shares anything beyond the defaults.</p> : (
          <Rows label="Sharing rules" rows={all.map((rule) => {
            const title = `${objectNames[rule.recordType] ?? rule.recordType} of ${nameOf(rule.ownedByTeamId)} with ${nameOf(rule.sharedWithTeamId)}`;
            return { key: rule.id, title, aside: rule.access === 'readWrite' ? 'to see and change' : 'to see', actions: <Button variant="subtle" color="gray" aria-label={`Take back: ${title}`} loading={drop.isPending && drop.variables.id === rule.id} onClick={() => drop.mutate(rule)}>Take back</Button> };
          })} />
        )}
      </Loaded>
      {teams.data && teams.data.length > 1 && <NewRule teams={teams.data} onCreate={create} />}
    </Part>
  );
}

const nothing = { recordType: 'lead' as string | null, ownedByTeamId: null as string | null, sharedWithTeamId: null as string | null, access: 'read' as string | null };

function NewRule({ teams, onCreate }: { teams: Team[]; onCreate: (rule: Omit<SharingRule, 'id' | 'version'>) => Promise<unknown> }) {
  const [rule, setRule] = useState(nothing);
  const make = useMutation({ mutationFn: () => onCreate(rule as Omit<SharingRule, 'id' | 'version'>), onSuccess: () => { setRule(nothing); tell('It is shared from now on.'); } });
  const problem = make.error ? Problem.of(make.error) : null;
  const data = teams.map((team) => ({ value: team.id, label: team.name }));
  const wrong = (field: string) => problem?.errors[field]?.join(' ');
  return (
    <form noValidate aria-label="Share something" onSubmit={(event) => { event.preventDefault(); make.mutate(); }} style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
      <Fields>
        <Select label="Share" allowDeselect={false} data={Object.entries(objectNames).map(([value, label]) => ({ value, label }))} value={rule.recordType} onChange={(recordType) => setRule({ ...rule, recordType })} error={wrong('recordType')} />
        <Select label="Owned by" searchable data={data} value={rule.ownedByTeamId} onChange={(ownedByTeamId) => setRule({ ...rule, ownedByTeamId })} error={wrong('ownedByTeamId')} />
        <Select label="With" searchable data={data} value={rule.sharedWithTeamId} onChange={(sharedWithTeamId) => setRule({ ...rule, sharedWithTeamId })} error={wrong('sharedWithTeamId')} />
        <Select label="To" allowDeselect={false} data={[{ value: 'read', label: 'See' }, { value: 'readWrite', label: 'See and change' }]} value={rule.access} onChange={(access) => setRule({ ...rule, access })} error={wrong('access')} />
      </Fields>
      {problem && Object.keys(problem.errors).length === 0 && <p role="alert" className={form_.wrong}>{problem.message}</p>}
      <div className={form_.actions}><Button type="submit" variant="default" loading={make.isPending} disabled={!rule.ownedByTeamId || !rule.sharedWithTeamId}>Share</Button></div>
    </form>
  );
}
