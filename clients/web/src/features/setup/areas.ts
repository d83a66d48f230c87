/** A page of Setup, and what one must be allowed to do to see it. */
export interface Area { path: string; label: string; what: string; needs: string; words?: string }

/** All of Setup. What the signed-in person may not do is not shown. */
export const groups: { title: string; areas: Area[] }[] = [
  {
    title: 'People',
    areas: [
      { path: 'users', label: 'Users', what: 'Who signs in, with which roles and in which team', needs: 'users.manage', words: 'password deactivate session second factor' },
      { path: 'teams', label: 'Teams', what: 'The tree of teams; managers see what is below them', needs: 'users.manage', words: 'hierarchy manager' },
      { path: 'roles', label: 'Roles and permissions', what: 'What each role may do', needs: 'users.manage', words: 'rights access' },
      { path: 'clients', label: 'API clients', what: 'Programs that sign in with a secret of their own', needs: 'users.manage', words: 'token integration oauth' },
    ],
  },
  {
    title: 'Organisation',
    areas: [
      { path: 'organisation', label: 'Organisation', what: 'Name, time zone, currency, fiscal year, who needs a second factor', needs: 'setup.manage' },
      { path: 'sharing', label: 'Sharing', what: 'What everybody may do with everybody’s records, and what teams share', needs: 'setup.manage', words: 'visibility private' },
    ],
  },
  {
    title: 'Fields',
    areas: [
      { path: 'custom-fields/leads', label: 'Custom fields', what: 'Fields of your own on leads, accounts, contacts and opportunities', needs: 'setup.manage', words: 'pick-list options' },
      { path: 'pick-lists', label: 'Pick-lists', what: 'Sources, industries and salutations of leads: what people choose from', needs: 'setup.manage', words: 'values options source industry salutation default' },
      { path: 'mapping', label: 'Conversion mapping', what: 'Which fields of a lead become which fields of account, contact and opportunity', needs: 'setup.manage', words: 'exchange rates' },
    ],
  },
  {
    title: 'Leads',
    areas: [
      { path: 'statuses', label: 'Lead statuses', what: 'The statuses that a lead goes through', needs: 'setup.manage' },
      { path: 'processes', label: 'Processes and path', what: 'Which status follows which, with guidance and key fields', needs: 'setup.manage', words: 'transitions' },
      { path: 'stale-and-overdue', label: 'Stale and overdue', what: 'After how many days a lead is called so, and how soon a new one is answered', needs: 'setup.manage', words: 'touch days untouched first response sla hours call next' },
      { path: 'queues', label: 'Queues', what: 'Where leads wait that nobody owns yet', needs: 'setup.manage' },
      { path: 'auto-conversion', label: 'Automatic conversion', what: 'Rules that convert leads without anybody asking', needs: 'setup.manage' },
      { path: 'forms', label: 'Web forms', what: 'Forms on your site whose submissions become leads', needs: 'setup.manage', words: 'capture web-to-lead snippet' },
      { path: 'submissions', label: 'Form submissions', what: 'What came in: suspected spam, what was refused', needs: 'leads.import', words: 'quarantine spam' },
    ],
  },
  {
    title: 'Opportunities',
    areas: [
      { path: 'pipelines', label: 'Pipelines and stages', what: 'The stages that a deal goes through, how likely it is in each, and what they ask for', needs: 'setup.manage', words: 'probability forecast exit criteria rotting' },
    ],
  },
  {
    title: 'Operations',
    areas: [
      { path: 'messages', label: 'Parked messages', what: 'Messages between services that could not be handled', needs: 'messages.manage', words: 'replay queue broker' },
    ],
  },
];

/** The groups with what this person may do. */
export const groupsFor = (may: (permission: string) => boolean) =>
  groups.map((group) => ({ ...group, areas: group.areas.filter((area) => may(area.needs)) })).filter((group) => group.areas.length > 0);

/** Whether there is anything in Setup for this person. */
export const maySetUp = (may: (permission: string) => boolean) => groupsFor(may).length > 0;
