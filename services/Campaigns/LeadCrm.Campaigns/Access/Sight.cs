using LeadCrm.Campaigns.Data;
using LeadCrm.Campaigns.Members;
using LeadCrm.ServiceDefaults.Auth;
using LeadCrm.ServiceDefaults.Visibility;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace LeadCrm.Campaigns.Access;

/// <summary>
/// Which records of other services the caller may see: those that are known here, not deleted, within the caller's scope of their type, and
/// of a type that the caller may read at all. What is not known yet is not visible.
/// </summary>
internal sealed class Sight(IVisibility visibility, CampaignsDb db)
{
    private readonly Scope leads = visibility.Of("lead");
    private readonly Scope contacts = visibility.Of("contact");
    private readonly Scope opportunities = visibility.Of("opportunity");

    /// <summary>The condition of <see cref="People"/> in SQL, on <c>platform.record_access r</c>; <see cref="Bind"/> brings its parameters.</summary>
    public const string SeesPerson = """
        not r.is_deleted and (
            r.record_type = 'lead' and @reads_leads and (@all_leads or r.owner_id = any(@lead_owners) or r.queue_id = any(@lead_queues))
            or r.record_type = 'contact' and @reads_contacts and (@all_contacts or r.owner_id = any(@contact_owners)))
        """;

    /// <summary>Leads and contacts that the caller may see.</summary>
    public IQueryable<KnownRecord> People()
    {
        var (allLeads, allContacts) = (ReadsLeads && leads.SeesAll, ReadsContacts && contacts.SeesAll);
        var known = db.KnownRecords.AsNoTracking().Where(r => !r.IsDeleted);
        if (allLeads && allContacts) return known.Where(r => r.RecordType == PersonTypes.Lead || r.RecordType == PersonTypes.Contact);

        Guid[] leadOwners = ReadsLeads ? leads.Owners : [], leadQueues = ReadsLeads ? leads.Queues : [], contactOwners = ReadsContacts ? contacts.Owners : [];
        return known.Where(r =>
            (r.RecordType == PersonTypes.Lead && (allLeads || leadOwners.Contains(r.OwnerId!.Value) || leadQueues.Contains(r.QueueId!.Value)))
            || (r.RecordType == PersonTypes.Contact && (allContacts || contactOwners.Contains(r.OwnerId!.Value))));
    }

    /// <summary>Opportunities that the caller may see.</summary>
    public IQueryable<KnownRecord> Opportunities() =>
        db.KnownRecords.AsNoTracking().Where(r => !r.IsDeleted && r.RecordType == "opportunity").VisibleTo(opportunities, r => r.OwnerId);

    /// <summary>Adds the parameters of <see cref="SeesPerson"/>.</summary>
    public void Bind(NpgsqlCommand command)
    {
        void Add(string name, object value, NpgsqlDbType type) => command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value });
        const NpgsqlDbType ids = NpgsqlDbType.Array | NpgsqlDbType.Uuid;
        Add("reads_leads", ReadsLeads, NpgsqlDbType.Boolean);
        Add("all_leads", leads.SeesAll, NpgsqlDbType.Boolean);
        Add("lead_owners", leads.Owners, ids);
        Add("lead_queues", leads.Queues, ids);
        Add("reads_contacts", ReadsContacts, NpgsqlDbType.Boolean);
        Add("all_contacts", contacts.SeesAll, NpgsqlDbType.Boolean);
        Add("contact_owners", contacts.Owners, ids);
    }

    private static bool ReadsLeads => Actor.Current.Has("leads.read");

    private static bool ReadsContacts => Actor.Current.Has("contacts.read");
}
