using System.Text.Json.Nodes;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;
using Kennel.Server.Access;
using Kennel.Server.Access.Tokens;
using Kennel.Server.Admission;
using Kennel.Server.Documents;
using Kennel.Server.Figuring;
using Kennel.Server.Reading;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server;

/// <summary>What every verb works with.</summary>
sealed record Parts(IStore Store, Catalog Catalog, TimeProvider Time, Random Random, Func<Guid> NewId, Admissions Admissions, Authorizer Authorizer, SystemPaths System)
{
    /// <summary>What objects may say besides what upstream allows by default.</summary>
    public Gates Gates { get; init; }

    /// <summary>Signs and checks the tokens of service accounts.</summary>
    public required AccountTokens Accounts { get; init; }

    public required Authentication Authentication { get; init; }

    /// <summary>Who signed this server's certificate, for those inside the cluster.</summary>
    public required string AuthorityPem { get; init; }

    /// <summary>Asks a node for a document; null until somebody can reach nodes.</summary>
    public NodeQuestion? AskNode { get; set; }

    public RecentDeletions Deletions { get; } = new(Time);

    /// <summary>An object is gone: what was handed out for it is free again.</summary>
    public void Deleted(ResourceType type, JsonObject last, Entry before, long revision)
    {
        Admissions.Deleted(type, last, before.Key, revision);
        if (last.Object("metadata").Objects("ownerReferences").Any(o => o["controller"]?.GetValue<bool>() == true)) Deletions.Add(before, revision); // only what a controller made comes back by itself
    }
}
