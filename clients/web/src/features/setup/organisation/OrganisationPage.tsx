import { Checkbox, MultiSelect, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Loaded, setup } from '../SetupPage';
import { rolesQuery } from '../users/queries';
import { changeFactorRule, changeOrganisation, factorRuleQuery, keepOrganisation, organisationQuery, readFactorRule, readOrganisation, settingsOf, type Organisation } from './queries';

type FactorRule = components['schemas']['ChangeSecondFactorRuleResponse'];
const months = Array.from({ length: 12 }, (_, i) => ({ value: String(i + 1), label: new Intl.DateTimeFormat(undefined, { month: 'long' }).format(new Date(2026, i, 1)) }));

/** How the organisation works: its calendar, its currency, and who signs in with two factors. */
export function OrganisationPage() {
  usePage('Organisation', setup);
  const organisation = useQuery(organisationQuery);
  const rule = useQuery(factorRuleQuery);
  return <><Loaded query={organisation} what="The organisation">{(data) => <Settings organisation={data} />}</Loaded><Loaded query={rule} what="The rule of second factors">{(data) => <SecondFactor rule={data} />}</Loaded></>;
}

function Settings({ organisation }: { organisation: Organisation }) {
  const form = useForm({
    draft: 'setup:organisation', record: settingsOf(organisation), version: organisation.version,
    read: async () => { const fresh = await readOrganisation(); return { record: settingsOf(fresh), version: fresh.version }; },
    save: (value, _change, version) => changeOrganisation(version, value), saved: (now) => { keepOrganisation(now); tell('The organisation is saved.'); },
  });
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <FormPage form={form} title="Organisation" saveLabel="Save organisation" labels={{ name: 'Name', timeZone: 'Time zone', currency: 'Currency', firstFiscalMonth: 'First month of the fiscal year' }}
      below={<Part title="History"><History cacheKey={['organisation', 'history', organisation.version]} sections={[]} page={(after) => body(api.identity.GET('/api/organisation/history', { params: { query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>}>
      <Part title="Settings">
        <Fields>
          <TextInput label="Name" {...form.text('name')} />
          <Select label="Time zone" description="Days and quarters begin here" searchable allowDeselect={false} data={zones.includes(form.value.timeZone) ? zones : [form.value.timeZone, ...zones]} {...form.choice('timeZone')} />
          <TextInput label="Currency" description="ISO 4217, such as EUR: of amounts that name none" {...form.text('currency')} />
          <Select label="Fiscal year begins in" allowDeselect={false} data={months} value={String(form.value.firstFiscalMonth)} onChange={(month) => form.put({ firstFiscalMonth: Number(month) })} error={form.error('firstFiscalMonth')} />
        </Fields>
      </Part>
    </FormPage>
  );
}

function SecondFactor({ rule }: { rule: FactorRule }) {
  const me = useMe();
  const roles = useQuery({ ...rolesQuery, enabled: me.may('users.manage') });
  const ruleOf = (one: FactorRule) => ({ requiredOfEverybody: one.requiredOfEverybody, requiredOfRoles: one.requiredOfRoles as string[] });
  const form = useForm({
    draft: 'setup:second-factor', record: ruleOf(rule), version: rule.version,
    read: async () => { const fresh = await readFactorRule(); return { record: ruleOf(fresh), version: fresh.version }; },
    save: (value, _change, version) => changeFactorRule(version, value), saved: (now) => { queries.setQueryData(factorRuleQuery.queryKey, now); tell('Saved. Who must have a second factor and has none sets it up at the next sign-in.'); },
  });
  return (
    <FormPage form={form} title="Second factor" subtitle="Who must sign in with a code besides the password. Everybody may." saveLabel="Save the rule" labels={{ requiredOfEverybody: 'Everybody', requiredOfRoles: 'Roles' }}>
      <Part title="Must have one">
        <Checkbox label="Everybody" {...form.flag('requiredOfEverybody')} />
        {!form.value.requiredOfEverybody && <MultiSelect label="Who has one of these roles" searchable hidePickedOptions data={[...new Set([...(roles.data?.map((role) => role.name) ?? []), ...form.value.requiredOfRoles])]} {...form.many('requiredOfRoles')} />}
      </Part>
    </FormPage>
  );
}
