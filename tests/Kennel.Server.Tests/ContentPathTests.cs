using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Protobuf;
using Kennel.Objects.Schemas;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Tests;

/// <summary>One filled-in object of each kind, stored as it is and read by every path that an object can take to a client.</summary>
public sealed class ContentPathTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static TheoryData<string> Fixtures => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Where(f => TypeOf(f) is not null).Order(StringComparer.Ordinal)];

    static ResourceType? TypeOf(string fixture)
    {
        var parts = fixture.Split('.');
        var group = string.Join('.', parts[..^2]);
        return Catalog.BuiltIn.OfKind(group == "core" ? "" : group, parts[^2], parts[^1]);
    }

    [Theory, MemberData(nameof(Fixtures))]
    public async Task Every_kind_is_the_same_in_json_yaml_and_protobuf(string fixture)
    {
        await using var server = await TestServer.Start();
        var type = TypeOf(fixture)!;
        var path = await Stored(server, fixture, type);
        var json = (await server.Get(path)).Json;
        var binary = (await server.Get(path, "application/vnd.kubernetes.protobuf")).Answer;
        binary.ContentType.ShouldBe("application/vnd.kubernetes.protobuf");
        Sorted(ProtobufCodec.Decode(binary.Body.Span).Object!, type).ShouldBe(Sorted(json, type));

        // What is strictly read from YAML is accepted, or refused, for the same reasons and with the same values as JSON in the same order.
        var yaml = (await server.Get(path, "application/yaml")).Text;
        (await Dry(server, path, yaml, "application/yaml")).ShouldBe(await Dry(server, path, Text(json), "application/json"));
    }

    [Theory, MemberData(nameof(Fixtures))]
    public async Task Lists_tables_metadata_and_watches_carry_every_kind(string fixture)
    {
        await using var server = await TestServer.Start();
        var type = TypeOf(fixture)!;
        var path = await Stored(server, fixture, type);
        var all = path[..path.LastIndexOf('/')];
        var json = (await server.Get(path)).Json;
        const string meta = "g=meta.k8s.io;v=v1";
        var list = (await server.Get(all, "application/vnd.kubernetes.protobuf")).Answer;
        Names(ProtobufCodec.Decode(list.Body.Span).Object!["items"]!).ShouldContain("nameValue");
        (await server.Get(path, $"application/json;as=Table;{meta}")).Json["rows"]!.AsArray().Count.ShouldBe(1);
        var partial = (await server.Get(path, $"application/json;as=PartialObjectMetadata;{meta}")).Json;
        JsonNode.DeepEquals(partial["metadata"], json["metadata"]).ShouldBeTrue();
        var partials = (await server.Get(all, $"application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;{meta}")).Answer;
        Names(ProtobufCodec.Decode(partials.Body.Span).Object!["items"]!).ShouldContain("nameValue");
        await foreach (var (word, o) in server.Watch(all + "?watch=1"))
        {
            word.ShouldBe("ADDED");
            if (Names(new JsonArray(o.DeepClone())).Single() != "nameValue") continue;
            JsonNode.DeepEquals(o, json).ShouldBeTrue();
            ProtobufCodec.EncodeWatchEvent(word, Encoding.UTF8.GetBytes(o.ToJsonString())).ShouldNotBeNull();
            break;
        }
    }

    /// <summary>Puts a fixture into the store, which doesn't ask whether it makes sense, under the name that it has.</summary>
    static async Task<string> Stored(TestServer server, string fixture, ResourceType type)
    {
        var o = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder, fixture + ".json")))!.AsObject();
        o["metadata"]!["resourceVersion"] = "1";
        var stored = Kennel.Objects.Versions.View.Of(type) is { } view ? Catalog.BuiltIn.Find(view.Stored.Group, view.Stored.Version, type.Plural)! : type;
        if (stored != type)
        {
            Kennel.Objects.Versions.View.Of(type)!.ToStored(o);
            o["apiVersion"] = stored.ApiVersion;
        }
        (await server.Store.Write(new Write(Route.KeyOf(stored, "namespaceValue", "nameValue"), 0, Encoding.UTF8.GetBytes(o.ToJsonString())))).Succeeded.ShouldBeTrue();
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        return $"{root}{(type.Namespaced ? "/namespaces/namespaceValue" : "")}/{type.Plural}/nameValue";
    }

    /// <summary>What a strict update would answer.</summary>
    static async Task<string> Dry(TestServer server, string path, string body, string type)
    {
        var reply = await server.Send("PUT", path + "?dryRun=All&fieldValidation=Strict", body, type);
        var told = reply.Json;
        if (reply.Status == 200) (told["metadata"] as JsonObject)!.Remove("managedFields"); // their time
        return $"{reply.Status} {Text(told)}";
    }

    static IEnumerable<string> Names(JsonNode items) => items.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>());

    /// <summary>As text with sorted fields. The types of claim templates aren't in protobuf messages: upstream loses them there, too.</summary>
    static string Sorted(JsonObject o, ResourceType type)
    {
        if (type.Kind == "StatefulSet")
            foreach (var template in o["spec"]!["volumeClaimTemplates"]!.AsArray().OfType<JsonObject>())
            {
                template.Remove("kind");
                template.Remove("apiVersion");
            }
        return Text(o);
    }

    static string Text(JsonNode? node) => node switch
    {
        JsonObject o => $"{{{string.Join(",\n", o.OrderBy(p => p.Key, StringComparer.Ordinal).Where(p => p.Value is not null).Select(p => $"{JsonValue.Create(p.Key).ToJsonString()}:{Text(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Text))}]",
        _ => node?.ToJsonString() ?? "null",
    };
}
