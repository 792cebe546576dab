using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>Who set which field: <c>metadata.managedFields</c> of plain writes (create, replace, patch).</summary>
public static class ManagedFields
{
    /// <summary>Writes <c>metadata.managedFields</c> of <paramref name="next"/>.</summary>
    /// <param name="live">The stored object; null on create.</param>
    /// <param name="next">The object as it will be stored: defaulted and with the fields that the strategy keeps.</param>
    /// <param name="manager">Who writes: the fieldManager parameter, or the user agent up to its first slash.</param>
    /// <param name="subresource">status, scale …; null for the object itself.</param>
    public static void Update(JsonObject? live, JsonObject next, ResourceType type, string manager, string? subresource, DateTimeOffset now) { }
}
