using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Schemas;
using Kennel.Objects.Versions;

namespace Kennel.Objects.Documents;

/// <summary>The documents by which clients find out what there is: plain ones a group, and the aggregated ones that newer clients ask for.</summary>
public sealed class DiscoveryDocuments(Catalog catalog)
{
    readonly List<IGrouping<string, ResourceType>> _groups = [.. catalog.All.GroupBy(t => t.Group)];

    /// <summary><c>/api</c>.</summary>
    /// <param name="address">Host and port that the client reached us by.</param>
    public byte[] CoreVersions(string address) => Write(w =>
    {
        Head(w, "APIVersions", null);
        w.WriteStartArray("versions"u8);
        w.WriteStringValue("v1"u8);
        w.WriteEndArray();
        w.WriteStartArray("serverAddressByClientCIDRs"u8);
        w.WriteStartObject();
        w.WriteString("clientCIDR"u8, "0.0.0.0/0"u8);
        w.WriteString("serverAddress"u8, address);
        w.WriteEndObject();
        w.WriteEndArray();
    });

    /// <summary><c>/apis</c>.</summary>
    public byte[] Groups() => Write(w =>
    {
        Head(w, "APIGroupList", "v1");
        w.WriteStartArray("groups"u8);
        foreach (var group in _groups.Where(g => g.Key.Length > 0))
        {
            w.WriteStartObject();
            GroupFields(w, group);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    /// <summary><c>/apis/apps</c>; null for a group that isn't there.</summary>
    public byte[]? Group(string name) => _groups.FirstOrDefault(g => g.Key == name && name.Length > 0) is not { } group ? null : Write(w =>
    {
        Head(w, "APIGroup", "v1");
        GroupFields(w, group);
    });

    /// <summary><c>/api/v1</c>, <c>/apis/apps/v1</c>; null for a version that isn't there.</summary>
    public byte[]? Resources(string group, string version)
    {
        var types = catalog.All.Where(t => t.Group == group && t.Version == version).ToList();
        return types.Count == 0 ? null : Write(w =>
        {
            Head(w, "APIResourceList", "v1");
            w.WriteString("groupVersion"u8, types[0].ApiVersion);
            w.WriteStartArray("resources"u8);
            foreach (var type in types) PlainResource(w, type);
            w.WriteEndArray();
        });
    }

    /// <summary><c>/api</c> or <c>/apis</c> for a client that asked with <c>as=APIGroupDiscoveryList</c>.</summary>
    /// <param name="core">For <c>/api</c>: the group without a name; otherwise all others.</param>
    /// <param name="version">v2 or v2beta1, as asked.</param>
    public byte[] Aggregated(bool core, string version) => Write(w =>
    {
        Head(w, "APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
        w.WriteStartObject("metadata"u8);
        w.WriteEndObject();
        w.WriteStartArray("items"u8);
        foreach (var group in _groups.Where(g => core == (g.Key.Length == 0))) AggregatedGroup(w, group);
        w.WriteEndArray();
    });

    static void AggregatedGroup(Utf8JsonWriter w, IGrouping<string, ResourceType> group)
    {
        w.WriteStartObject();
        w.WriteStartObject("metadata"u8);
        if (group.Key.Length > 0) w.WriteString("name"u8, group.Key);
        w.WriteNull("creationTimestamp"u8);
        w.WriteEndObject();
        w.WriteStartArray("versions"u8);
        foreach (var version in group.GroupBy(t => t.Version))
        {
            w.WriteStartObject();
            w.WriteString("version"u8, version.Key);
            w.WriteStartArray("resources"u8);
            foreach (var type in version) AggregatedResource(w, type);
            w.WriteEndArray();
            w.WriteString("freshness"u8, "Current"u8);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    static void AggregatedResource(Utf8JsonWriter w, ResourceType type)
    {
        w.WriteStartObject();
        w.WriteString("resource"u8, type.Plural);
        ResponseKind(w, "", "", type.Kind); // as upstream: empty where it is the one around it
        w.WriteString("scope"u8, type.Namespaced ? "Namespaced"u8 : "Cluster"u8);
        w.WriteString("singularResource"u8, type.Singular);
        Texts(w, "verbs"u8, type.Verbs);
        if (type.ShortNames.Count > 0) Texts(w, "shortNames"u8, type.ShortNames);
        if (type.Categories.Count > 0) Texts(w, "categories"u8, type.Categories);
        if (type.Subresources.Count > 0)
        {
            w.WriteStartArray("subresources"u8);
            foreach (var sub in type.Subresources)
            {
                w.WriteStartObject();
                w.WriteString("subresource"u8, sub.Name);
                ResponseKind(w, sub.Group, sub.Version, sub.Kind);
                Texts(w, "verbs"u8, sub.Verbs);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }

    static void ResponseKind(Utf8JsonWriter w, string group, string version, string kind)
    {
        w.WriteStartObject("responseKind"u8);
        w.WriteString("group"u8, group);
        w.WriteString("version"u8, version);
        w.WriteString("kind"u8, kind);
        w.WriteEndObject();
    }

    static void PlainResource(Utf8JsonWriter w, ResourceType type)
    {
        w.WriteStartObject();
        w.WriteString("name"u8, type.Plural);
        w.WriteString("singularName"u8, type.Singular);
        w.WriteBoolean("namespaced"u8, type.Namespaced);
        w.WriteString("kind"u8, type.Kind);
        Texts(w, "verbs"u8, type.Verbs);
        if (type.ShortNames.Count > 0) Texts(w, "shortNames"u8, type.ShortNames);
        if (type.Categories.Count > 0) Texts(w, "categories"u8, type.Categories);
        if (type.Verbs.Contains("create") && type.Verbs.Contains("list")) w.WriteString("storageVersionHash"u8, StorageVersionHash(type));
        w.WriteEndObject();
        foreach (var sub in type.Subresources)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, $"{type.Plural}/{sub.Name}");
            w.WriteString("singularName"u8, ""u8);
            w.WriteBoolean("namespaced"u8, type.Namespaced);
            if (sub.Version.Length > 0)
            {
                if (sub.Group.Length > 0) w.WriteString("group"u8, sub.Group);
                w.WriteString("version"u8, sub.Version);
            }
            w.WriteString("kind"u8, sub.Kind);
            Texts(w, "verbs"u8, sub.Verbs);
            w.WriteEndObject();
        }
    }

    /// <summary>Clients see from it whether the stored form of a kind changed: eight bytes of a hash over group, version and kind.</summary>
    static string StorageVersionHash(ResourceType type)
    {
        var (group, version) = View.Of(type)?.Stored ?? (type.Group, type.Version);
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{group}/{version}/{type.Kind}")).AsSpan(0, 8));
    }

    static void GroupFields(Utf8JsonWriter w, IGrouping<string, ResourceType> group)
    {
        var versions = group.Select(t => t.Version).Distinct().ToList();
        w.WriteString("name"u8, group.Key);
        w.WriteStartArray("versions"u8);
        foreach (var version in versions) GroupVersion(w, group.Key, version);
        w.WriteEndArray();
        w.WritePropertyName("preferredVersion"u8);
        GroupVersion(w, group.Key, versions[0]);
    }

    static void GroupVersion(Utf8JsonWriter w, string group, string version)
    {
        w.WriteStartObject();
        w.WriteString("groupVersion"u8, $"{group}/{version}");
        w.WriteString("version"u8, version);
        w.WriteEndObject();
    }

    static void Texts(Utf8JsonWriter w, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        w.WriteStartArray(name);
        foreach (var text in texts) w.WriteStringValue(text);
        w.WriteEndArray();
    }

    static void Head(Utf8JsonWriter w, string kind, string? apiVersion)
    {
        w.WriteString("kind"u8, kind);
        if (apiVersion is not null) w.WriteString("apiVersion"u8, apiVersion);
    }

    static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
