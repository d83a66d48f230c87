import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/identity';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Loaded, setup } from '../SetupPage';
import classes from './RolePage.module.css';

type Role = components['schemas']['RoleResponse'];
type Permission = components['schemas']['Permission'];

const readRole = (id: string) => body(api.identity.GET('/api/roles/{id}', { params: { path: { id } } }));
const titles: Record<string, string> = { leads: 'Leads', accounts: 'Accounts', contacts: 'Contacts', opportunities: 'Opportunities', campaigns: 'Campaigns', activities: 'Activities, notes and files', data: 'Across everything' };

/** What a role allows. */
export function RolePage() {
  const { id = '' } = useParams();
  const role = useQuery({ queryKey: ['roles', id], queryFn: () => readRole(id) });
  const permissions = useQuery({ queryKey: ['permissions'], queryFn: async () => (await body(api.identity.GET('/api/permissions'))).items, staleTime: Infinity });
  usePage(role.data?.name ?? 'Role', setup, { label: 'Roles and permissions', to: '/setup/roles' });
  return <Loaded query={role} what="The role">{(data) => <Loaded query={permissions} what="The permissions">{(all) => <Whole key={id} role={data} all={all} />}</Loaded>}</Loaded>;
}

function Whole({ role, all }: { role: Role; all: Permission[] }) {
  const me = useMe();
  const mayChange = me.may('setup.manage');
  const form = useForm({
    draft: `setup:role:${role.id}`, record: { permissions: role.permissions }, version: role.version,
    read: async () => { const fresh = await readRole(role.id); return { record: { permissions: fresh.permissions }, version: fresh.version }; },
    save: (value, _change, version) => body(api.identity.PATCH('/api/roles/{id}', { params: { path: { id: role.id }, header: { 'If-Match': ifMatch(version) } }, body: { permissions: value.permissions }, headers: { 'content-type': 'application/merge-patch+json' } })),
    saved: (saved) => { queries.setQueryData(['roles', role.id], saved); void queries.invalidateQueries({ queryKey: ['roles'] }); void queries.invalidateQueries({ queryKey: ['session'] }); tell(`${role.name} is saved. It holds for everybody with this role within a minute.`); },
  });
  const groups = [...new Set(all.map((one) => one.name.split('.')[0]!))].map((name) => ({ name, items: all.filter((one) => one.name.startsWith(`${name}.`)) }));
  const grouped = [...groups.filter((group) => group.items.length > 1 || titles[group.name]), { name: 'other', items: groups.filter((group) => group.items.length === 1 && !titles[group.name]).flatMap((group) => group.items) }].filter((group) => group.items.length > 0);

  return (
    <FormPage form={form} title={role.name} subtitle={role.description} saveLabel="Save role" labels={{ permissions: 'What it allows' }}
      below={mayChange && <Part title="History"><History cacheKey={['roles', 'history', role.id, role.version]} sections={[]} page={(after) => body(api.identity.GET('/api/roles/{id}/history', { params: { path: { id: role.id }, query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>}>
      {!mayChange && <p className="muted">Only who manages Setup can change what a role allows.</p>}
      <Checkbox.Group aria-label="Permissions" {...form.many('permissions')} readOnly={!mayChange}>
        <div className={classes.groups}>
          {grouped.map((group) => (
            <Part key={group.name} title={titles[group.name] ?? 'Administration'}>
              {group.items.map((one) => <Checkbox key={one.name} value={one.name} label={one.description} description={one.name} disabled={!mayChange || (role.alwaysKeeps.includes(one.name) && form.value.permissions.includes(one.name))} />)}
            </Part>
          ))}
        </div>
      </Checkbox.Group>
    </FormPage>
  );
}
