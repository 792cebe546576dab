using System.Text.Json.Nodes;
using Kennel.Objects.Patches;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Server-side apply: the applied fields are set, and those that this manager applied before and no longer does are removed.</summary>
public static class ServerSideApply
{
    /// <param name="live">The stored object; null when it doesn't exist yet.</param>
    /// <param name="applied">What the manager wants to own: a part of an object.</param>
    /// <param name="force">Takes fields from other managers; without it that is a 409 with a cause for each field.</param>
    public static Patched Apply(JsonObject? live, JsonObject applied, ResourceType type, Schema schema, string manager, bool force, string? subresource, DateTimeOffset now) =>
        throw new NotImplementedException();
}
