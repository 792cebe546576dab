using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>What a writer is told who writes what can't be.</summary>
public sealed class InvalidTests
{
    const string MergePatch = "application/merge-patch+json";
    const string StrategicPatch = "application/strategic-merge-patch+json";
    const string JsonPatch = "application/json-patch+json";

    [Fact, Trait("Behaviour", "SS-801"), Trait("Behaviour", "SS-803")]
    public async Task An_invalid_set_is_answered_with_a_cause_a_field()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(Sets, Set(replicas: -1).Replace("\"serviceName\":\"web\"", "\"serviceName\":\"web\",\"podManagementPolicy\":\"foo\"").Replace("\"image\":\"busybox:1\"", "\"image\":\"\""));
        reply.Status.ShouldBe(422);
        var status = reply.Json;
        status["metadata"]!.ToJsonString().ShouldBe("{}");
        status["status"]!.GetValue<string>().ShouldBe("Failure");
        status["reason"]!.GetValue<string>().ShouldBe("Invalid");
        status["code"]!.GetValue<int>().ShouldBe(422);
        reply.Message.ShouldBe("StatefulSet.apps \"web\" is invalid: [spec.podManagementPolicy: Invalid value: \"foo\": must be 'OrderedReady' or 'Parallel', "
            + "spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.spec.containers[0].image: Required value]");
        var details = status["details"]!.AsObject();
        (details["group"]!.GetValue<string>(), details["kind"]!.GetValue<string>(), details["name"]!.GetValue<string>()).ShouldBe(("apps", "StatefulSet", "web"));
        details["causes"]!.AsArray().Select(c => c!.ToJsonString(s_plain)).ShouldBe(
        [
            """{"reason":"FieldValueInvalid","message":"Invalid value: \"foo\": must be 'OrderedReady' or 'Parallel'","field":"spec.podManagementPolicy"}""",
            """{"reason":"FieldValueInvalid","message":"Invalid value: -1: must be greater than or equal to 0","field":"spec.replicas"}""",
            """{"reason":"FieldValueRequired","message":"Required value","field":"spec.template.spec.containers[0].image"}""",
        ]);
    }

    [Theory, Trait("Behaviour", "SS-801"), Trait("Behaviour", "SS-803")]
    [InlineData("\"serviceName\":\"web\"", "\"serviceName\":\"web\",\"persistentVolumeClaimRetentionPolicy\":{\"whenScaled\":\"x\"}", "FieldValueNotSupported", "Unsupported value: \"x\": supported values: \"Retain\", \"Delete\"")]
    [InlineData("\"containers\":", "\"activeDeadlineSeconds\":5,\"containers\":", "FieldValueForbidden", "Forbidden: activeDeadlineSeconds in StatefulSet is not Supported")]
    [InlineData("\"containers\":", "\"volumes\":[{\"name\":\"v\"},{\"name\":\"v\"}],\"containers\":", "FieldValueDuplicate", "Duplicate value: \"v\"")]
    [InlineData("\"image\":\"busybox:1\"", "\"image\":\"busybox:1\",\"volumeMounts\":[{\"name\":\"d\",\"mountPath\":\"/d\"}]", "FieldValueNotFound", "Not found: \"d\"")]
    [InlineData("\"name\":\"web\"}", "\"name\":\"web\",\"annotations\":{\"a\":\"LONG\"}}", "FieldValueTooLong", "Too long: may not be more than 262144 bytes")]
    public async Task A_cause_says_what_sort_it_is(string part, string wrong, string reason, string message)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(Sets, Set().Replace(part, wrong.Replace("LONG", new string('x', 262144))));
        reply.Status.ShouldBe(422, reply.Text);
        var cause = reply.Json["details"]!["causes"]!.AsArray().Single()!;
        (cause["reason"]!.GetValue<string>(), cause["message"]!.GetValue<string>()).ShouldBe((reason, message));
    }

    [Theory, Trait("Behaviour", "SS-804")]
    [InlineData(MergePatch, """{"spec":{"foo":1}}""", "\"{\\\"kind\\\":", "strict decoding error: unknown field \"spec.foo\"")]
    [InlineData(StrategicPatch, """{"spec":{"foo":1,"replicas":2}}""", "\"map[spec:map[foo:1 replicas:2]]\"", "strict decoding error: unknown field \"spec.foo\"")]
    [InlineData(StrategicPatch, """{"spec":{"replicas":2,"replicas":3}}""", "\"map[spec:map[replicas:3]]\"", "strict decoding error: duplicate field \"spec.replicas\"")]
    [InlineData(MergePatch, """{"spec":{"replicas":2,"replicas":3}}""", "\"{\\\"kind\\\":", "strict decoding error: duplicate field \"spec.replicas\"")]
    [InlineData(JsonPatch, """[{"op":"add","op":"add","path":"/spec/foo","value":1}]""", "\"{\\\"kind\\\":", "strict decoding error: json patch duplicate field \"[0].op\", unknown field \"spec.foo\"")]
    [InlineData(MergePatch, """{"spec":{"replicas":"two"}}""", "\"{\\\"kind\\\":", "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32")]
    public async Task A_patch_that_makes_no_set_is_unprocessable(string type, string patch, string shown, string why)
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        var reply = await server.Send("PATCH", $"{Sets}/web?fieldValidation=Strict", patch, type);
        reply.Status.ShouldBe(422, reply.Text);
        reply.Reason.ShouldBe("Invalid");
        reply.Message.ShouldNotBeNull().ShouldStartWith($" \"\" is invalid: patch: Invalid value: {shown}");
        reply.Message.ShouldEndWith(": " + why);
        var cause = reply.Json["details"]!["causes"]!.AsArray().Single()!;
        (cause["reason"]!.GetValue<string>(), cause["field"]!.GetValue<string>()).ShouldBe(("FieldValueInvalid", "patch"));
    }

    [Fact, Trait("Behaviour", "SS-804")]
    public async Task A_patch_without_strictness_warns_or_says_nothing()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        const string patch = """{"spec":{"foo":1,"replicas":2,"replicas":4}}""";
        var warned = await server.Merge($"{Sets}/web", patch);
        warned.Status.ShouldBe(200, warned.Text);
        warned.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(4);
        warned.Answer.Warnings.ShouldBe(["duplicate field \"spec.replicas\"", "unknown field \"spec.foo\""]);
        (await server.Merge($"{Sets}/web?fieldValidation=Ignore", patch)).Answer.Warnings.ShouldBeEmpty();
    }

    [Theory, Trait("Behaviour", "SS-804")]
    [InlineData(MergePatch, "[]")]
    [InlineData(MergePatch, "{")]
    [InlineData(MergePatch, "")]
    [InlineData(MergePatch, "\"\\ud800\"")]
    [InlineData(StrategicPatch, "7")]
    [InlineData(JsonPatch, "{}")]
    [InlineData(JsonPatch, "null")]
    public async Task What_is_no_patch_is_a_bad_request(string type, string patch)
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        (await server.Send("PATCH", $"{Sets}/web", patch, type)).Status.ShouldBe(400);
    }

    [Theory, Trait("Behaviour", "SS-804")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    [InlineData("{\"kind\":", "({\"kind\":)")]
    [InlineData("{\"metadata\":{\"name\":\"a-name-that-goes-on\"", "({\"metadata\":{\"name\":\"a-name-th ...)")]
    [InlineData("yes", "(796573)")]
    public async Task What_is_no_JSON_is_shown_by_its_beginning(string body, string end)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(Sets, body);
        reply.Status.ShouldBe(400);
        reply.Message.ShouldNotBeNull().ShouldStartWith("the object provided is unrecognized (must be of type StatefulSet): couldn't get version/kind; json parse error: ");
        reply.Message.ShouldEndWith(end);
    }

    [Fact, Trait("Behaviour", "SS-804")]
    public async Task Strict_problems_of_a_body_are_listed_by_path()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post($"{Sets}?fieldValidation=Strict", Set().Replace("\"replicas\":3", "\"replicas\":3,\"replicas\":4,\"foo\":1"));
        reply.Status.ShouldBe(400);
        reply.Message.ShouldBe("StatefulSet in version \"v1\" cannot be handled as a StatefulSet: strict decoding error: duplicate field \"spec.replicas\", unknown field \"spec.foo\"");
    }

    [Fact, Trait("Behaviour", "SS-831"), Trait("Behaviour", "SS-1342")]
    public async Task Replacing_needs_an_object_and_no_revision()
    {
        await using var server = await TestServer.Start();
        var missing = await server.Put($"{Sets}/web", Set());
        missing.Status.ShouldBe(404);
        missing.Message.ShouldBe("statefulsets.apps \"web\" not found");
        await server.Made(Sets, Set());
        await server.Merge($"{Sets}/web", """{"spec":{"replicas":9}}""");
        (await server.Put($"{Sets}/web", Set(replicas: 2))).Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-829"), Trait("Behaviour", "SS-523"), Trait("Behaviour", "SS-226"), Trait("Behaviour", "SS-1342")]
    public async Task What_a_set_is_can_not_be_replaced()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        foreach (var wrong in new[]
        {
            Set().Replace("\"serviceName\":\"web\"", "\"serviceName\":\"other\""),
            Set().Replace("\"serviceName\":\"web\"", "\"podManagementPolicy\":\"Parallel\",\"serviceName\":\"web\""),
            Set().Replace("{\"app\":\"web\"}", "{\"app\":\"other\"}"),
            Set().Replace("\"serviceName\":\"web\"", "\"serviceName\":\"web\",\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"d\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}]"),
        })
        {
            var reply = await server.Put($"{Sets}/web", wrong);
            reply.Status.ShouldBe(422, reply.Text);
            reply.Message.ShouldBe("StatefulSet.apps \"web\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }

    [Fact, Trait("Behaviour", "SS-908"), Trait("Behaviour", "SS-346")]
    public async Task Warnings_come_with_what_is_stored()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(Sets, Set().Replace("\"serviceName\":\"web\"", "\"serviceName\":\"web\",\"revisionHistoryLimit\":-1"));
        reply.Status.ShouldBe(201, reply.Text);
        reply.Answer.Warnings.ShouldBe(["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"]);
        reply.Json["spec"]!["revisionHistoryLimit"]!.GetValue<int>().ShouldBe(-1);
    }

    static readonly System.Text.Json.JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
