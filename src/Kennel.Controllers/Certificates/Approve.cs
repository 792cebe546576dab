using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Certificates;

namespace Kennel.Controllers.Certificates;

/// <summary>Approves a node's request for its client certificate, if roles say that whoever asks may have it without further ado.</summary>
/// <param name="Self">The node asks for itself: it renews what it has.</param>
public sealed record Approve(CertificateSigningRequest Request, bool Self) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        foreach (var self in Self ? new[] { true, false } : [false])
        {
            if (!await May(api, self ? "selfnodeclient" : "nodeclient", cancel)) continue;
            var message = self ? "Auto approving self kubelet client certificate after SubjectAccessReview." : "Auto approving kubelet client certificate after SubjectAccessReview.";
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = Request.Metadata.ResourceVersion },
                ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Approved", ["status"] = "True", ["reason"] = "AutoApproved", ["message"] = message }) },
            };
            var path = CertificateSigningRequest.Resource.Path(name: Request.Metadata.Name) + "/approval";
            var answer = await api.Send(new("PATCH", path, JsonSerializer.SerializeToUtf8Bytes(body), "application/merge-patch+json"), cancel);
            return answer.Succeeded || answer.Status is 404 or 409 ? null : $"approving {Request.Metadata.Name}: the server answered {answer.Status}";
        }
        return null; // people decide
    }

    async ValueTask<bool> May(IApi api, string subresource, CancellationToken cancel)
    {
        var spec = new JsonObject
        {
            ["user"] = Request.Spec.Username,
            ["uid"] = Request.Spec.Uid,
            ["groups"] = new JsonArray([.. Request.Spec.Groups.Select(g => (JsonNode)g)]),
            ["resourceAttributes"] = new JsonObject { ["group"] = "certificates.k8s.io", ["resource"] = "certificatesigningrequests", ["subresource"] = subresource, ["verb"] = "create", ["version"] = "*" },
        };
        var answer = await api.Send(new("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["spec"] = spec })), cancel);
        return answer.Succeeded && JsonNode.Parse(answer.Body.Span)?["status"]?["allowed"]?.GetValue<bool>() == true;
    }
}
