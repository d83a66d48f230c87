using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace LeadCrm.Gateway.Storage;

/// <summary>Keeps ASP.NET Core's data-protection keys in the database, so that every replica reads what another one wrote.</summary>
internal sealed class KeyRing(GatewayDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Open();
        using var command = new NpgsqlCommand("select xml from gateway.data_protection_keys order by created_at", connection);
        using var rows = command.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read()) keys.Add(XElement.Parse(rows.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.Open();
        using var command = new NpgsqlCommand(
            "insert into gateway.data_protection_keys (name, xml) values ($1, $2) on conflict (name) do update set xml = excluded.xml", connection)
        {
            Parameters = { new() { Value = friendlyName }, new() { Value = element.ToString(SaveOptions.DisableFormatting) } },
        };
        command.ExecuteNonQuery();
    }
}
