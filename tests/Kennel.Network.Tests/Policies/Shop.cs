using System.Collections.Immutable;
using Kennel.Network.Policies;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Networking;

namespace Kennel.Network.Tests.Policies;

/// <summary>Three pods of namespace shop and one of namespace other. Their port <c>http</c> is another number in the cache.</summary>
static class Shop
{
    public const string Db = "10.240.0.2", Web = "10.240.0.3", Cache = "10.240.0.4", Spy = "10.240.0.5", Node = "10.240.0.1", Outside = "192.0.2.2";

    public static Observed With(params NetworkPolicy[] policies) => new(
        [.. policies],
        Member.Of([Pod("shop", "db", "db", Db), Pod("shop", "web", "web", Web), Pod("shop", "cache", "cache", Cache, http: 9090), Pod("other", "spy", "web", Spy)]),
        [Space("other", ("team", "b")), Space("shop", ("team", "a"))],
        "here");

    public static NetworkPolicy Policy(string name, string spec) =>
        Json.Read<NetworkPolicy>(System.Text.Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"{{name}}","namespace":"shop"},"spec":{{spec}}}"""));

    public static Pod Pod(string space, string name, string app, string address, int http = 8080) => new()
    {
        Metadata = new() { Name = name, Namespace = space, Labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["app"] = app } },
        Spec = new() { NodeName = "here", Containers = [new() { Name = "main", Ports = [new() { Name = "http", ContainerPortValue = http }] }] },
        Status = new() { Phase = "Running", PodIP = address },
    };

    static Namespace Space(string name, params (string, string)[] labels) => new()
    {
        Metadata = new ObjectMeta { Name = name, Labels = new SortedDictionary<string, string>(labels.ToDictionary(l => l.Item1, l => l.Item2), StringComparer.Ordinal) },
    };
}
