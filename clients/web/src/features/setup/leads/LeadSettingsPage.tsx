import { NumberInput } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { usePage } from '@/app/page';
import { listsChanged } from '@/features/leads/queries';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Loaded, setup } from '../SetupPage';

type LeadSettings = components['schemas']['SetUpLeadsAnswer'];

const read = () => body(api.leads.GET('/api/leads/settings'));
const settingsQuery = queryOptions({ queryKey: ['leads', 'settings'], queryFn: read });
const daysOf = ({ staleAfterDays, overdueAfterDays }: LeadSettings) => ({ staleAfterDays, overdueAfterDays });

/** When a lead is called stale or overdue (LC8). */
export function LeadSettingsPage() {
  usePage('Stale and overdue', setup);
  const settings = useQuery(settingsQuery);
  return <Loaded query={settings} what="What is called stale and overdue">{(data) => <Days settings={data} />}</Loaded>;
}

function Days({ settings }: { settings: LeadSettings }) {
  const form = useForm({
    draft: 'setup:lead-settings', record: daysOf(settings), version: settings.version,
    read: async () => { const fresh = await read(); return { record: daysOf(fresh), version: fresh.version }; },
    save: (value, _change, version) => body(api.leads.PUT('/api/leads/settings', { params: { header: { 'If-Match': ifMatch(version) } }, body: value })),
    saved: (now) => { queries.setQueryData(settingsQuery.queryKey, now); void listsChanged(); tell('Saved. The views Stale and Overdue go by it from now on.'); },
  });
  const days = { min: 1, max: 3650, allowDecimal: false, suffix: ' days' };
  return (
    <FormPage form={form} title="Stale and overdue" subtitle="What the views of these names show." saveLabel="Save" labels={{ staleAfterDays: 'Stale', overdueAfterDays: 'Overdue' }}>
      <Part title="A lead is">
        <Fields>
          <NumberInput label="Stale" description="Without a call, an e-mail or a meeting for" {...form.number('staleAfterDays')} {...days} />
          <NumberInput label="Overdue" description="Still open after it was created or reopened" {...form.number('overdueAfterDays')} {...days} />
        </Fields>
      </Part>
    </FormPage>
  );
}
