using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace LeadCrm.ServiceDefaults.Messaging;

/// <summary>Where the broker is and how long it may take: for MassTransit's connection, which consumes, and the dispatcher's own, which sends.</summary>
internal sealed record BrokerAddress(string Host, ushort Port, string VirtualHost, string User, string Password)
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public static BrokerAddress From(IConfiguration configuration)
    {
        var address = new Uri(configuration.GetConnectionString("rabbitmq")
            ?? throw new InvalidOperationException("The connection string 'rabbitmq' is missing: set ConnectionStrings__rabbitmq."));
        var user = address.UserInfo.Split(':', 2);
        var virtualHost = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        return new BrokerAddress(
            address.Host, (ushort)(address.Port > 0 ? address.Port : 5672), virtualHost.Length > 0 ? virtualHost : "/",
            Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.Length > 1 ? user[1] : ""));
    }

    /// <summary>Makes connections that stay broken once they break: whoever uses one replaces it.</summary>
    public ConnectionFactory Connections(string name) => new()
    {
        HostName = Host, Port = Port, VirtualHost = VirtualHost, UserName = User, Password = Password, ClientProvidedName = name,
        AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false, RequestedConnectionTimeout = ConnectTimeout,
        HandshakeContinuationTimeout = AnswerTimeout, ContinuationTimeout = AnswerTimeout, RequestedHeartbeat = Heartbeat,
    };
}
