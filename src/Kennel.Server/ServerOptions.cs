using System.Net;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Admission;
using Kennel.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kennel.Server;

/// <summary>What a server is made of: everything that it doesn't decide itself is an input.</summary>
public sealed record ServerOptions(IStore Store)
{
    public Catalog Catalog { get; init; } = Catalog.BuiltIn;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For generated names, addresses and the lifetime of watches. Locked by its users; shared with nobody else.</summary>
    public required Random Random { get; init; }

    /// <summary>Gives uids.</summary>
    public required Func<Guid> NewId { get; init; }

    /// <summary>The addresses of Services.</summary>
    public IPNetwork ServiceRange { get; init; } = new(new IPAddress([10, 96, 0, 0]), 16);

    /// <summary>Upstream's feature gates that are on.</summary>
    public Gates Gates { get; init; }

    /// <summary>Which admission plugins are on.</summary>
    public Plugins Plugins { get; init; } = Plugins.Default;

    /// <summary>Host and port that clients reach the server at.</summary>
    public string Address { get; init; } = "127.0.0.1:6443";

    /// <summary>Signs the tokens of service accounts; without one, they end with the process.</summary>
    public SigningKey? SigningKey { get; init; }

    /// <summary>Bearer tokens that were handed out once and for all, and whose they are.</summary>
    public IReadOnlyDictionary<string, User> Tokens { get; init; } = new Dictionary<string, User>();

    /// <summary>Where it is written down who asked for what; null: nowhere.</summary>
    public Auditing.AuditLog? Audit { get; init; }

    /// <summary>The certificate of the authority behind the server's own, as PEM: every namespace gets it in the ConfigMap kube-root-ca.crt.</summary>
    public string AuthorityPem { get; init; } = "";

    public ILogger Log { get; init; } = NullLogger.Instance;
}
