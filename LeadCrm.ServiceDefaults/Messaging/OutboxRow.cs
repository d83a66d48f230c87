using Microsoft.EntityFrameworkCore;
namespace LeadCrm.ServiceDefaults.Messaging;
internal sealed class OutboxRow { internal static void Map(ModelBuilder model) { } }
